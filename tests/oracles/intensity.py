"""Compares tare-normalise's images with intensity-normalization's.

intensity.py MASK METHOD IMAGE=NORMALISED...   prints the largest difference, as a share of the SD of the normalised values

Methods as in tare-normalise; population methods are fitted on all images. fcm and lsq start from random classes there, so
they are run to convergence.
"""

import sys

import nibabel
import numpy as np
from intensity_normalization.adapters.images import create_image
from intensity_normalization.domain.models import Modality
from intensity_normalization.normalizers.individual.fcm import FCMNormalizer
from intensity_normalization.normalizers.individual.kde import KDENormalizer
from intensity_normalization.normalizers.individual.whitestripe import WhiteStripeNormalizer
from intensity_normalization.normalizers.individual.zscore import ZScoreNormalizer
from intensity_normalization.normalizers.population import lsq
from intensity_normalization.normalizers.population.nyul import NyulNormalizer


def settled_cmeans(*arguments, cmeans=lsq.cmeans, **options):
    return cmeans(*arguments, **{**options, "error": 1e-7, "maxiter": 5000, "seed": 1})


lsq.cmeans = settled_cmeans


def load(path):
    return create_image(nibabel.Nifti1Image(np.asarray(nibabel.load(path).dataobj, float), nibabel.load(path).affine))


def normalised(method, images, mask):
    if method in ("nyul", "lsq"):
        normalizer = NyulNormalizer() if method == "nyul" else lsq.LSQNormalizer()
        normalizer.fit_population(images, [mask] * len(images))
        return [normalizer.transform(image, mask) for image in images]
    makers = {
        "zscore": ZScoreNormalizer,
        "kde": KDENormalizer,
        "whitestripe": WhiteStripeNormalizer,
        "whitestripe-t2": lambda: WhiteStripeNormalizer(modality=Modality.T2),
        "whitestripe-pd": lambda: WhiteStripeNormalizer(modality=Modality.PD),
        "fcm": lambda: FCMNormalizer(max_iter=5000, error_threshold=1e-7),
    }
    return [makers[method]().fit_transform(image, mask) for image in images]


mask_file, method = sys.argv[1:3]
pairs = [argument.split("=") for argument in sys.argv[3:]]
mask = load(mask_file)
np.random.seed(1)
worst = 0.0
for theirs, (_, ours) in zip(normalised(method, [load(image) for image, _ in pairs], mask), pairs):
    theirs = np.asarray(theirs.get_data())
    ours = np.asarray(nibabel.load(ours).dataobj, float)
    inside = mask.get_data() != 0
    worst = max(worst, np.abs(theirs - ours)[inside].max() / theirs[inside].std())
print(f"{worst:.3g}")
