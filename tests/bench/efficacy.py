"""Harmonising inside the folds of a real table, and training XGBoost on the sites, beside the calls of the field's programs.

    scripts/scratch_env.sh
    cmake --preset release && cmake --build --preset release
    .scratch/venv/bin/python tests/bench/efficacy.py --table fcon1000.csv

The harmonizer transformer of Marzi et al. (2024), which is not on PyPI, calls neuroHarmonize in every fold: so does this, for
as many folds as --limit seconds allow, and extrapolates. It fails where a site has no row in a fold's test part, so that sites
of fewer than five people are left out for all. Columns of the table: sub_id, site, age, sex, *_thickness."""
import argparse
import csv
import sys
import time
from pathlib import Path
from statistics import median

from measuring import measured, pin_threads, require, work_folder


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--permutations", type=int, default=5000)
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for each thing that a peer does")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bin", type=Path, default=Path("build/release/bin"))
    return parser.parse_args()


def larger_sites(table, to):
    """The rows of sites with at least five people."""
    with open(table, newline="", encoding="utf-8") as source:
        header, *rows = csv.reader(source)
    site = header.index("site")
    of_site = [row[site] for row in rows]
    with open(to, "w", newline="", encoding="utf-8") as target:
        csv.writer(target).writerows([header] + [row for row in rows if of_site.count(row[site]) >= 5])
    return to


def until(limit, work):
    """Seconds that each piece took, at least one and as many as fit."""
    taken, began = [], time.perf_counter()
    for piece in work:
        start = time.perf_counter()
        piece()
        taken.append(time.perf_counter() - start)
        if time.perf_counter() - began > limit:
            break
    return taken


def peers(options, smooth):
    """Seconds per fold of neuroHarmonize, and per training of XGBoost on its values."""
    import numpy as np
    import pandas as pd
    from neuroHarmonize import harmonizationApply, harmonizationLearn
    from xgboost import XGBClassifier

    table = pd.read_csv(options.table)
    values = table[[name for name in table.columns if name.endswith("_thickness")]].to_numpy(float)
    people = table[["site", "age", "sex"]].rename(columns={"site": "SITE"})
    people["sex"] = pd.factorize(people["sex"], sort=True)[0]
    sites = pd.factorize(people["SITE"], sort=True)[0]
    fold = np.zeros(len(sites), int)
    random = np.random.default_rng(0)
    for site in np.unique(sites):
        rows = np.flatnonzero(sites == site)
        fold[random.permutation(rows)] = np.arange(len(rows)) % 5
    harmonised = {}

    def harmonise(k):
        train, test = fold != k, fold == k
        model, train_values = harmonizationLearn(values[train], people[train].reset_index(drop=True),
                                                 smooth_terms=["age"] if smooth else [])
        harmonised[k] = train_values, harmonizationApply(values[test], people[test].reset_index(drop=True), model)

    folds = until(options.limit, [lambda k=k: harmonise(k) for k in range(5)])

    def train_trees(k):
        XGBClassifier(n_jobs=1).fit(harmonised[k][0], sites[fold != k]).predict(harmonised[k][1])

    trees = [] if smooth else until(options.limit, [lambda k=k: train_trees(k) for k in harmonised])
    return folds, trees


def main():
    options = arguments()
    require(options.bin, "tare-cv", "tare-efficacy")
    pin_threads(options.threads)
    whole_table = options.table
    columns = ["--id", "sub_id", "--features", "*_thickness", "--quiet", "--threads", options.threads]
    with work_folder(None) as work:
        options.table = larger_sites(whole_table, work / "larger.csv")
        print("| | s | of it per fold or training (ms) | peer ÷ tare |\n| --- | --: | --: | --: |")
        for name, design in (("linear age", ["--covariates", "age,sex"]), ("smooth age", ["--covariates", "sex", "--smooth", "age"])):
            def folds(repeats):
                return measured([options.bin / "tare-cv", *columns, "--input", options.table, *design, "--repeats", repeats, "--fold-output", "none",
                                 "--output-dir", work / f"{name[:6]}{repeats}", "--force"]).seconds
            repeats = options.repeats if name == "linear age" else max(2, options.repeats // 20)
            ours = (folds(repeats) - folds(1)) / (5 * (repeats - 1))
            theirs, trees = peers(options, name == "smooth age")
            print(f"| tare-cv, {name}, harmonising {5 * repeats} folds | {ours * 5 * repeats:.2f} | {ours * 1e3:.2f} | 1 |")
            print(f"| neuroHarmonize, {name}, {len(theirs)} folds measured, {5 * repeats} extrapolated | "
                  f"{median(theirs) * 5 * repeats:.0f} | {median(theirs) * 1e3:.0f} | {median(theirs) / ours:.0f} |")
            if not trees:
                continue
            probe = [options.bin / "tare-efficacy", *columns, "--input", options.table, *design, "--probe", "xgboost", "--repeats", 1, "--permutations", 0]
            training = measured(probe).seconds / 10  # one repeat is on one thread
            print(f"| tare-efficacy, XGBoost on the sites, 5 trainings raw and 5 harmonised, one thread | {training * 10:.1f} | "
                  f"{training * 1e3:.0f} | 1 |")
            print(f"| XGBClassifier, {len(trees)} trainings harmonised, one thread | {sum(trees):.1f} | {median(trees) * 1e3:.0f} | "
                  f"{median(trees) / training:.2f} |")
        whole = measured([options.bin / "tare-efficacy", *columns, "--input", whole_table, "--covariates", "age,sex", "--permute-within", "age:5", "--repeats",
                          options.repeats, "--permutations", options.permutations])
        print(f"| tare-efficacy, linear probe: {options.repeats} repeats, {options.permutations} permutations | {whole.seconds:.1f} | | |")


if __name__ == "__main__":
    sys.exit(main())
