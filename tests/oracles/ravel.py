"""RAVEL in numpy, as the R package RAVEL has it, from images in units of their white stripe.

ravel.py MASK CONTROL FACTORS STRIPED=RAVELLED...   prints the largest difference as a share of the SD of the result
"""

import sys

import nibabel
import numpy as np


def load(path):
    return np.asarray(nibabel.load(path).dataobj, float)


inside = load(sys.argv[1]) != 0
control = (load(sys.argv[2]) != 0)[inside]
factors = int(sys.argv[3])
pairs = [argument.split("=") for argument in sys.argv[4:]]
voxels = np.stack([load(striped)[inside] for striped, _ in pairs], axis=1)
z = np.linalg.svd(voxels[control], full_matrices=False)[2].T[:, :factors]
fitted = (z @ np.linalg.solve(z.T @ z, z.T @ voxels.T)).T
wanted = voxels - fitted + voxels.mean(axis=1, keepdims=True)
ours = np.stack([load(ravelled)[inside] for _, ravelled in pairs], axis=1)
print(f"{np.abs(ours - wanted).max() / wanted.std():.3g}")
