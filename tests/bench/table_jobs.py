"""The jobs that tables.py runs in processes of their own: make a cohort, harmonise it with a peer, compare two results.

    table_jobs.py generate OUT.csv SUBJECTS SITES FEATURES
    table_jobs.py neurocombat | neuroharmonize | read_write  IN.csv OUT.csv
    table_jobs.py compare RAW.csv A.csv B.csv

A harmonising job prints the seconds of its fit and adjustment alone as its last line; compare prints the largest
difference between A and B in standard deviations of the raw feature."""
import sys
import time

import numpy as np
import pandas as pd

NOT_FEATURES = ["participant_id", "site", "age", "sex"]


def generate(path, subjects, sites, features):
    """Four-decimal measures between 0 and 10, with site, age and sex effects. Same arguments, same bytes."""
    rng = np.random.default_rng(20260101)
    site = rng.permutation(np.arange(subjects) % sites)
    age = rng.uniform(18, 80, subjects).round(2)
    sex = rng.integers(0, 2, subjects)
    mean = rng.uniform(2, 4, features)
    slope = rng.normal(-0.004, 0.002, features)
    sex_effect = rng.normal(0, 0.05, features)
    shift = rng.normal(0, 0.1, (sites, 1)) + rng.normal(0, 0.05, (sites, features))
    scale = 0.2 * np.sqrt(rng.gamma(20, 1 / 20, (sites, features)))
    spelled = np.array([f"{i // 10000}.{i % 10000:04d}" for i in range(100_000)])
    with open(path, "w", encoding="ascii") as out:
        out.write(",".join(NOT_FEATURES + [f"measure_{j:05d}" for j in range(features)]) + "\n")
        for i in range(subjects):
            s = site[i]
            y = mean + slope * (age[i] - 50) + sex_effect * sex[i] + shift[s] + scale[s] * rng.normal(size=features)
            cells = spelled[np.clip((y * 10000).round().astype(int), 0, 99_999)]
            out.write(f"sub-{i:05d},site-{s:02d},{age[i]},{'MF'[sex[i]]}," + ",".join(cells) + "\n")


def read(path):
    table = pd.read_csv(path)
    return table, table.drop(columns=NOT_FEATURES)


def write(path, table, features, values):
    pd.concat([table[NOT_FEATURES], pd.DataFrame(values, columns=features.columns)], axis=1).to_csv(path, index=False)


def neurocombat(source, target):
    from neuroCombat import neuroCombat

    table, features = read(source)
    values = features.to_numpy().T
    began = time.perf_counter()
    result = neuroCombat(dat=values, covars=table[["site", "age", "sex"]], batch_col="site",
                         categorical_cols=["sex"], continuous_cols=["age"])
    seconds = time.perf_counter() - began
    write(target, table, features, result["data"].T)
    print(seconds)


def neuroharmonize(source, target):
    from neuroHarmonize import harmonizationLearn

    table, features = read(source)
    values = features.to_numpy()
    covariates = pd.DataFrame({"SITE": table["site"], "age": table["age"], "sex": (table["sex"] == "F").astype(int)})
    began = time.perf_counter()
    _, harmonised = harmonizationLearn(values, covariates)
    seconds = time.perf_counter() - began
    write(target, table, features, harmonised)
    print(seconds)


def read_write(source, target):
    table, features = read(source)
    write(target, table, features, features.to_numpy())
    print(0.0)


def compare(raw, a, b):
    spread = read(raw)[1].std(ddof=1).to_numpy()
    a, b = read(a)[1], read(b)[1]
    if list(a.columns) != list(b.columns) or a.isna().to_numpy().any() or b.isna().to_numpy().any():
        sys.exit("the tables differ in their columns, or hold missing values")
    print(float((np.abs(a.to_numpy() - b.to_numpy()).max(axis=0) / spread).max()))


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    if job == "generate":
        generate(arguments[0], *map(int, arguments[1:]))
    else:
        {"neurocombat": neurocombat, "neuroharmonize": neuroharmonize, "read_write": read_write, "compare": compare}[job](
            *arguments
        )
