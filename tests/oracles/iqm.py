"""MRIQC's structural measures in numpy and scipy, as a second look at tare-iqm.

iqm.py make FOLDER                          a noisy head with a segmentation and a head mask
iqm.py measure IMAGE LABELS HEAD|-          name<TAB>value; the head is the labelled voxels where none is given
"""

import sys

import nibabel
import numpy as np
from scipy import ndimage, stats


def make(folder):
    rng = np.random.default_rng(7)
    shape = (50, 54, 52)
    grid = np.stack(np.meshgrid(*[np.arange(n) - (n - 1) / 2 for n in shape], indexing="ij"))
    radius = np.sqrt((grid**2).sum(0)) + rng.normal(0, 0.3, shape)
    labels = np.zeros(shape, np.uint8)
    for label, outer in ((1, 21.0), (2, 16.0), (3, 10.0)):
        labels[radius < outer] = label
    head = (radius < 23.0).astype(np.uint8)
    signal = np.array([0.0, 250.0, 600.0, 1000.0])[labels] + 80.0 * (head > 0) * (labels == 0)
    noise = rng.normal(0, 25.0, (2, *shape))
    image = np.sqrt((signal + noise[0]) ** 2 + noise[1] ** 2).astype(np.float32)
    image[3, 3, 3] = -40.0
    affine = np.diag([1.5, 1.5, 1.5, 1.0])
    for name, data in (("image", image), ("labels", labels), ("head", head)):
        nibabel.save(nibabel.Nifti1Image(data, affine), f"{folder}/{name}.nii.gz")


def mad(values):
    return np.median(np.abs(values - np.median(values))) / stats.norm.ppf(0.75)


def summary(image, region):
    values = image[ndimage.binary_erosion(region, ndimage.generate_binary_structure(3, 2))]
    return {
        "k": stats.kurtosis(values), "mad": mad(values), "mean": values.mean(), "median": np.median(values),
        "n": values.size, "p05": np.percentile(values, 5), "p95": np.percentile(values, 95), "stdv": values.std(),
    }


def measure(image_file, labels_file, head_file):
    image = np.clip(nibabel.load(image_file).get_fdata(), 0, None)
    labels = np.asarray(nibabel.load(labels_file).dataobj)
    head = labels > 0 if head_file == "-" else np.asarray(nibabel.load(head_file).dataobj) > 0
    parts = {"bg": summary(image, ~head)}
    out = {}
    tissues = {"csf": 1, "gm": 2, "wm": 3}
    for name, label in tissues.items():
        parts[name] = summary(image, labels == label)
        out[f"icvs_{name}"] = (labels == label).sum() / np.isin(labels, list(tissues.values())).sum()
        n = parts[name]["n"]
        out[f"snr_{name}"] = parts[name]["median"] / (parts[name]["stdv"] * np.sqrt(n / (n - 1)))
        out[f"snrd_{name}"] = 0.6551364 * parts[name]["median"] / parts["bg"]["mad"]
    for ratio in ("snr", "snrd"):
        out[f"{ratio}_total"] = np.mean([out[f"{ratio}_{name}"] for name in tissues])
    for part, values in parts.items():
        out.update({f"summary_{part}_{name}": value for name, value in values.items()})
    air, gm, wm = parts["bg"], parts["gm"], parts["wm"]
    apart = abs(wm["median"] - gm["median"])
    out["cjv"] = (wm["mad"] + gm["mad"]) / apart
    out["cnr"] = apart / np.sqrt(air["stdv"] ** 2 + gm["stdv"] ** 2 + wm["stdv"] ** 2)
    root = np.sqrt(image.size)
    energy = np.sqrt((image**2).sum())
    out["efc"] = np.sum(image / energy * np.log((image + 1e-16) / energy)) / (root * np.log(1 / root))
    out["fber"] = np.median(image[head] ** 2) / np.median(image[~head] ** 2)
    out["wm2max"] = wm["median"] / np.percentile(image, 99.95)
    for name in sorted(out):
        print(f"{name}\t{float(out[name])!r}")


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    measure(*sys.argv[2:])
