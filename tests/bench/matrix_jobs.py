"""The jobs that matrices.py runs in processes of their own: make a matrix, harmonise it with a peer, compare.

    matrix_jobs.py generate OUT.npy PEOPLE.tsv SUBJECTS SITES FEATURES
    matrix_jobs.py neurocombat IN.npy PEOPLE.tsv SAMPLE.npy
    matrix_jobs.py compare RAW.npy OURS.npy SAMPLE.npy

The harmonising job prints the seconds of the peer's call alone, on the matrix in memory, and keeps every 97th feature of
its result; compare prints the largest difference to these in standard deviations of the raw feature."""
import sys
import time

import numpy as np

EVERY = 97


def generate(path, people, subjects, sites, features):
    """float32, with site, age and sex effects. Same arguments, same bytes."""
    rng = np.random.default_rng(20260101)
    site = rng.permutation(np.arange(subjects) % sites)
    age = rng.uniform(18, 80, subjects).round(2)
    sex = rng.integers(0, 2, subjects)
    mean = rng.uniform(2, 4, features)
    slope = rng.normal(-0.004, 0.002, features)
    sex_effect = rng.normal(0, 0.05, features)
    shift = rng.normal(0, 0.1, (sites, 1)) + rng.normal(0, 0.05, (sites, features))
    scale = 0.2 * np.sqrt(rng.gamma(20, 1 / 20, (sites, features)))
    matrix = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(subjects, features))
    for i in range(subjects):
        noise = scale[site[i]] * rng.standard_normal(features)
        matrix[i] = mean + slope * (age[i] - 50) + sex_effect * sex[i] + shift[site[i]] + noise
    matrix.flush()
    with open(people, "w", encoding="ascii") as out:
        out.write("participant_id\tsite\tage\tsex\n")
        out.writelines(f"sub-{i:05d}\tsite-{site[i]:02d}\t{age[i]}\t{'MF'[sex[i]]}\n" for i in range(subjects))


def neurocombat(path, people, sample):
    import pandas as pd
    from neuroCombat import neuroCombat

    covariates = pd.read_csv(people, sep="\t")[["site", "age", "sex"]]
    values = np.load(path).T
    began = time.perf_counter()
    result = neuroCombat(dat=values, covars=covariates, batch_col="site", categorical_cols=["sex"], continuous_cols=["age"])
    seconds = time.perf_counter() - began
    np.save(sample, result["data"][::EVERY].T)
    print(seconds)


def compare(raw, ours, sample):
    peers = np.load(sample)
    ours = np.load(ours, mmap_mode="r")[:, ::EVERY].astype(float)
    spread = np.load(raw, mmap_mode="r")[:, ::EVERY].std(axis=0, ddof=1, dtype=float)
    if not (np.isfinite(ours).all() and np.isfinite(peers).all()):
        sys.exit("values are missing")
    print(float((np.abs(ours - peers).max(axis=0) / spread).max()))


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    if job == "generate":
        generate(*arguments[:2], *map(int, arguments[2:]))
    else:
        {"neurocombat": neurocombat, "compare": compare}[job](*arguments)
