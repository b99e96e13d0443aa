"""Histograms of images by site in NumPy, beside those of tare-report: prints a line of what differs most.

report_images.py REPORT.json PEOPLE.tsv MASK BEFORE AFTER    patterns with {participant_id}
"""

import csv
import json
import sys

import nibabel
import numpy as np


def main(report, people, mask, *patterns):
    with open(report, encoding="utf-8") as file:
        told = json.load(file)
    with open(people, encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    inside = nibabel.load(mask).get_fdata() != 0
    edges = np.array(told["voxels"]["edges"])
    apart, quantiles = [0.0], []
    for state, pattern in zip(("before", "after"), patterns):
        voxels = {row["participant_id"]: nibabel.load(pattern.format(**row)).get_fdata()[inside] for row in rows}
        quantiles += [np.quantile(values, np.linspace(0, 1, 201)) for values in voxels.values()]
        shares = []
        for place, site in enumerate(told["sites"]):
            own = [voxels[row["participant_id"]] for row in rows if row["site"] == site["name"]]
            figures = np.mean([[x.mean(), x.std(ddof=1), *np.quantile(x, [0.05, 0.5, 0.95])] for x in own], axis=0)
            apart.append(np.max(np.abs(figures / told["voxels"][state]["sites"][place] - 1)))
            everyone = np.concatenate(own)
            beyond = (everyone < edges[0]).mean(), (everyone > edges[-1]).mean()
            shares.append(np.concatenate([beyond, np.histogram(everyone, edges)[0] / everyone.size]))
            of_report = [told["voxels"][state][side][place] for side in ("below", "above")]
            apart.append(np.max(np.abs(shares[-1] - np.concatenate([of_report, told["voxels"][state]["shares"][place]]))))
        overlaps = [np.minimum(shares[a], shares[b]).sum() for a in range(len(shares)) for b in range(a)]
        apart.append(abs(np.mean(overlaps) - told["voxels"][state]["overlap"]))
        apart.append(abs(min(overlaps) - told["voxels"][state]["least_overlap"]))
    ends = np.quantile(np.concatenate(quantiles), [0.005, 0.995])
    apart.append(np.max(np.abs(edges - np.linspace(*ends, len(edges)))) / (ends[1] - ends[0]))
    print(max(apart))


main(*sys.argv[1:])
