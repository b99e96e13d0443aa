"""tare-normalise beside intensity-normalization, image and mask to normalised image, one thread each.

    scripts/scratch_env.sh
    cmake --preset release && cmake --build --preset release
    .scratch/venv/bin/python tests/bench/normalise.py --image norm.mgz --mask brainmask.mgz

Without --image, a simulated head of 182 x 218 x 182 voxels."""
import argparse
import sys
from pathlib import Path

from measuring import cores, markdown, measured, median, pin_threads, require, taking_turns, work_folder

METHODS = {"zscore": [], "whitestripe": [], "kde": ["--convention", "intensity-normalization"], "nyul": [], "fcm": []}
JOB = """
import sys, nibabel, numpy
from intensity_normalization.adapters.images import create_image
from intensity_normalization.services.normalization import NormalizationService
method, image, mask, out = sys.argv[1:]
load = lambda path: create_image(nibabel.load(path))
normalizer = NormalizationService.create_normalizer(method)
image, mask = load(image), load(mask)
if method == "nyul":
    normalizer.fit_population([image], [mask])
else:
    normalizer.fit(image, mask)
data = normalizer.transform(image, mask).get_data()
nibabel.save(nibabel.Nifti1Image(numpy.asarray(data, numpy.float32), nibabel.load(sys.argv[2]).affine), out)
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--image", type=Path)
    parser.add_argument("--mask", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--bin", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--work", type=Path, help="where the images are made (default: a temporary folder)")
    return parser.parse_args()


def main():
    options = arguments()
    pin_threads(1)
    require(options.bin, "tare-normalise", "tare-simulate")
    with work_folder(options.work) as work:
        image, mask = options.image, options.mask
        if image is None:
            measured([options.bin / "tare-simulate", "--quiet", "--images", work / "{participant_id}.nii.gz", "--shape",
                      "182,218,182", "--voxel-size", "1", "--subjects", "1", "--sites", "1", "--output", work / "people.tsv",
                      "--truth", work / "truth"])
            image, mask = next(work.glob("sub-*.nii.gz")), work / "truth" / "mask.nii.gz"
        rows = []
        for method, more in METHODS.items():
            out = {"tare-normalise": work / "ours", "intensity-normalization": work / "theirs"}
            runs = taking_turns({
                "tare-normalise": [options.bin / "tare-normalise", "--quiet", "--images", image, "--mask", mask, "--method",
                                   method, *more, "--output-images", out["tare-normalise"] / "out.nii.gz"],
                "intensity-normalization": [sys.executable, "-W", "ignore", "-c", JOB, method, image, mask,
                                            out["intensity-normalization"] / "out.nii.gz"],
            }, options.runs, fresh=out)
            wall, peak = median(runs, "seconds"), median(runs, "peak")
            ours, theirs = wall.values()
            rows.append([f"`{method}`", f"{ours:.2f}", f"{theirs:.2f}", f"{theirs / ours:.1f}",
                         *(f"{value:.0f}" for value in peak.values())])
        print(f"\n{image.name}; one thread on {cores()} cores; medians of {options.runs}\n")
        markdown(["", "tare (s)", "peer (s)", "÷ tare", "tare (MiB)", "peer (MiB)"], rows)


main()
