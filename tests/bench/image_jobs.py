"""The jobs that images.py runs in processes of their own: harmonise with a peer, compare two results.

    image_jobs.py neuroharmonize TABLE IN_FOLDER MASK OUT_FOLDER
    image_jobs.py compare TABLE IN_FOLDER MASK A_FOLDER B_FOLDER

Images are FOLDER/ID.nii.gz; the peer's are FOLDER/ID_harmonized.nii.gz, as it insists. The harmonising job prints the
seconds of its calls alone as its last line; compare prints the largest difference between A (ours) and B (the peer's)
within the mask, in standard deviations of the raw voxel."""
import sys
import time

import nibabel
import numpy as np
import pandas as pd


def neuroharmonize(table, source, mask, target):
    from neuroHarmonize import harmonizationLearn
    from neuroHarmonize.harmonizationNIFTI import applyModelNIFTIs, flattenNIFTIs

    people = pd.read_csv(table, sep="\t")
    covariates = pd.DataFrame({"SITE": people["site"], "age": people["age"], "sex": (people["sex"] == "F").astype(int)})
    paths = pd.DataFrame({"PATH": [f"{source}/{name}.nii.gz" for name in people["participant_id"]],
                          "PATH_NEW": [f"{target}/{name}_harmonized.nii.gz" for name in people["participant_id"]]})
    began = time.perf_counter()
    flat = flattenNIFTIs(paths, mask, f"{target}/flat.npy")
    model, _ = harmonizationLearn(flat, covariates)
    applyModelNIFTIs(covariates, model, paths, mask)
    print(time.perf_counter() - began)


def compare(table, source, mask, ours, peers):
    names = pd.read_csv(table, sep="\t")["participant_id"]
    inside = nibabel.load(mask).get_fdata() != 0

    def values(pattern):
        return np.stack([np.asarray(nibabel.load(pattern.format(name)).dataobj)[inside] for name in names])

    spread = values(f"{source}/{{}}.nii.gz").std(axis=0, ddof=1, dtype=float)
    difference = np.abs(values(f"{ours}/{{}}.nii.gz").astype(float) - values(f"{peers}/{{}}_harmonized.nii.gz")).max(axis=0)
    if not np.isfinite(difference).all():
        sys.exit("values are missing")
    print(float((difference / spread).max()))


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    {"neuroharmonize": neuroharmonize, "compare": compare}[job](*arguments)
