"""The band of neuroHarmonize's GAM over its own seeds, for the figures in tests/conformance/gam_test.cpp.

    .scratch/venv/bin/python tests/oracles/neuroharmonize_band.py CASE_FOLDER SEEDS [OURS [OURS_TEST]]

The penalty comes from cross-validation whose folds a seed draws, so the same data give another table with every seed.
Prints for every feature how far apart two seeds can be (largest difference of a harmonised value, fitted and new rows, in SD
of the raw feature). With tables of ours also: how far those are from the nearest and the farthest seed, and how many of
their values lie between the lowest and the highest of the seeds. One seed of 18 features takes 5 to 15 s.
"""
import json
import pathlib
import sys
import warnings

import numpy as np
import pandas as pd

np.int = int  # neuroCombat 0.2.12 wants it for a reference site
warnings.simplefilter("ignore")
from neuroHarmonize import harmonizationApply, harmonizationLearn  # noqa: E402


def covariates(table):
    columns = {"SITE": table["site"], "age": table["age"].astype(float)}
    if "sex" in table:
        columns |= {"sex": (table["sex"] == "M").astype(float), "dx": (table["dx"] == "PT").astype(float)}
    return pd.DataFrame(columns)


def by_folds(table, features, seed, options):
    """Every row as given by the model of the folds that do not hold it."""
    out = np.full((len(table), len(features)), np.nan)
    for fold in sorted(table["fold"].unique()):
        held = (table["fold"] == fold).to_numpy()
        training, rest = table[~held].reset_index(drop=True), table[held].reset_index(drop=True)
        model, _ = harmonizationLearn(training[features].to_numpy(float), covariates(training),
                                      seed=1000 * (seed + 1) + int(fold), **options)
        out[held] = harmonizationApply(rest[features].to_numpy(float), covariates(rest), model)
    return out


def one_seed(folder, features, seed, options):
    table = pd.read_csv(folder / "input.tsv", sep="\t")
    if "fold" in table:
        return by_folds(table, features, seed, options)
    model, rows = harmonizationLearn(table[features].to_numpy(float), covariates(table), seed=seed, **options)
    if (folder / "test.tsv").exists():
        new = pd.read_csv(folder / "test.tsv", sep="\t")
        rows = np.vstack([rows, harmonizationApply(new[features].to_numpy(float), covariates(new), model)])
    return rows


def main():
    folder, seeds, ours = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    given = json.loads((folder / "case.json").read_text())["options"]
    options = {"smooth_terms": ["age"]}
    if given.get("smooth_term_bounds"):
        options["smooth_term_bounds"] = tuple(given["smooth_term_bounds"])
    if given.get("ref_batch"):
        options["ref_batch"] = given["ref_batch"]
    expected = next(f for name in ("harmonized.tsv", "harmonized_test.tsv") if (f := folder / "expected" / name).exists())
    features = expected.read_text().splitlines()[0].split("\t")[1:]
    spread = pd.read_csv(folder / "input.tsv", sep="\t")[features].std().to_numpy()
    runs = np.array([one_seed(folder, features, seed, options) for seed in range(seeds)]) / spread
    band = (runs.max(0) - runs.min(0)).max(0)
    print("band: " + ", ".join(f"{np.floor(1000 * b) / 1000:.3f}" for b in band))
    if ours:
        rows = np.vstack([pd.read_csv(name, sep="\t")[features].to_numpy(float) for name in ours]) / spread
        distance = np.abs(runs - rows).max(1)
        beyond = np.maximum(np.maximum(runs.min(0) - rows, rows - runs.max(0)), 0)
        print(f"nearest seed, largest over features: {distance.min(0).max():.3f}")
        print(f"farthest seed, largest over features: {distance.max():.3f} (two seeds: {band.max():.3f})")
        print(f"values between the seeds' lowest and highest: {(beyond == 0).mean():.3f}, others at most {beyond.max():.3f} beyond")


if __name__ == "__main__":
    main()
