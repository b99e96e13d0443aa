"""The jobs that family.py runs in processes of their own: make a cohort, fit a peer, compare what both found.

    family_jobs.py generate OUT.npy PEOPLE.tsv SAMPLE.csv PEOPLE VISITS SITES FEATURES SAMPLE
    family_jobs.py neuroharmonize IN.npy PEOPLE.tsv FEATURES
    family_jobs.py nonparametric IN.npy PEOPLE.tsv FEATURES OUT.npy
    family_jobs.py compare_values RAW.npy OURS.npy PEERS.npy
    family_jobs.py compare_edf | compare_sigma MODEL_FOLDER PEERS.csv
    family_jobs.py straight MODEL.json NAME

SAMPLE.csv holds the people and the first features, for R. A fitting job prints the seconds of the peer's call alone, on the
values in memory; a comparison its largest difference; straight what the curves of a model are like."""
import json
import sys
import time

import numpy as np

STRAIGHT = 1.05  # effective degrees of freedom


def generate(path, people, sample, subjects, visits, sites, features, sampled):
    """Doubles with effects of site, of sex and of age along a curve that bends by another amount in every feature; with
    visits, also of the person. One visit in five is made at another site than the first. Same arguments, same bytes."""
    rng = np.random.default_rng(20260101)
    rows = subjects * visits
    person = np.repeat(np.arange(subjects), visits)
    site = rng.permutation(np.arange(subjects) % sites)[person]
    visit = np.tile(np.arange(visits), subjects)
    moves = (visit > 0) & (rng.random(rows) < 0.2)
    site[moves] = rng.integers(0, sites, moves.sum())
    age = (rng.uniform(18, 80, subjects)[person] + 1.5 * visit).round(2)
    sex = rng.integers(0, 2, subjects)[person]
    mean = rng.uniform(2, 4, features)
    slope = rng.normal(-0.004, 0.002, features)
    bend = rng.normal(0, 0.1, features)
    sex_effect = rng.normal(0, 0.05, features)
    shift = rng.normal(0, 0.1, (sites, 1)) + rng.normal(0, 0.05, (sites, features))
    scale = 0.2 * np.sqrt(rng.gamma(20, 1 / 20, (sites, features)))
    of_person = np.zeros(features)
    matrix = np.lib.format.open_memmap(path, mode="w+", dtype=np.float64, shape=(rows, features))
    for i in range(rows):
        if visits > 1 and visit[i] == 0:
            of_person = 0.2 * rng.standard_normal(features)
        curve = slope * (age[i] - 50) + bend * np.sin((age[i] - 18) / 10)
        noise = scale[site[i]] * rng.standard_normal(features)
        matrix[i] = mean + curve + sex_effect * sex[i] + shift[site[i]] + of_person + noise
    matrix.flush()
    lead = [f"sub-{person[i]:05d}\t{visit[i] + 1}\tsite-{site[i]:02d}\t{age[i]}\t{'MF'[sex[i]]}" for i in range(rows)]
    header = "participant_id\tsession_id\tsite\tage\tsex"
    with open(people, "w", encoding="ascii") as out:
        out.writelines(line + "\n" for line in [header, *lead])
    with open(sample, "w", encoding="ascii") as out:
        out.write("\t".join([header, *(f"measure_{j}" for j in range(sampled))]).replace("\t", ",") + "\n")
        for i in range(rows):
            out.write(lead[i].replace("\t", ",") + "".join(f",{float(value)!r}" for value in matrix[i, :sampled]) + "\n")


def neuroharmonize(path, people, features):
    import pandas as pd
    from neuroHarmonize import harmonizationLearn

    table = pd.read_csv(people, sep="\t")
    covariates = pd.DataFrame({"SITE": table["site"], "age": table["age"], "sex": (table["sex"] == "F").astype(int)})
    values = np.array(np.load(path, mmap_mode="r")[:, :int(features)])
    began = time.perf_counter()
    harmonizationLearn(values, covariates, smooth_terms=["age"], seed=1)
    print(time.perf_counter() - began)


def nonparametric(path, people, features, target):
    import pandas as pd
    from neuroCombat import neuroCombat

    covariates = pd.read_csv(people, sep="\t")[["site", "age", "sex"]]
    values = np.array(np.load(path, mmap_mode="r")[:, :int(features)]).T
    began = time.perf_counter()
    result = neuroCombat(dat=values, covars=covariates, batch_col="site", categorical_cols=["sex"], continuous_cols=["age"],
                         parametric=False)
    seconds = time.perf_counter() - began
    np.save(target, result["data"].T)
    print(seconds)


def compare_values(raw, ours, peers):
    peers = np.load(peers)
    count = peers.shape[1]
    difference = np.abs(np.load(ours)[:, :count] - peers).max(axis=0)
    if not np.isfinite(difference).all():
        sys.exit("values are missing")
    print(float((difference / np.load(raw, mmap_mode="r")[:, :count].std(axis=0, ddof=1)).max()))


def column(path):
    """R writes a header and one number a feature, in order."""
    return np.loadtxt(path, skiprows=1, ndmin=1)


def compare_edf(model, peers):
    peers = column(peers)
    print(float(np.abs(np.load(f"{model}/edf_age.npy").ravel()[:peers.size] - peers).max()))


def compare_sigma(model, peers):
    peers = column(peers)
    ours = np.sqrt(np.load(f"{model}/pooled_variance.npy").ravel()[:peers.size])
    print(float(np.abs(ours / peers - 1).max()))


def straight(model, name):
    with open(model, encoding="utf-8") as file:
        document = json.load(file)
    curves, sites = document["smooth"][name], document["status"]["unchanged"].values()
    unchanged = set.intersection(*map(set, sites)) if len(sites) == len(document["sites"]) else set()
    edf = {feature: value for feature, value in zip(document["features"], curves["edf"]) if feature not in unchanged}
    infinite = {feature for feature, value in zip(document["features"], curves["lambda"]) if value is None} - unchanged
    lines = [feature for feature, value in edf.items() if feature in infinite or value < STRAIGHT]
    values = np.array(list(edf.values()))
    print(f"edf {values.min():.2f} to {values.max():.2f}, median {np.median(values):.2f}, in {values.size} features that "
          f"vary; straight in {len(lines)} (lambda infinite in {len(infinite)}): " + ", ".join(lines))


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    if job == "generate":
        generate(*arguments[:3], *map(int, arguments[3:]))
    else:
        {"neuroharmonize": neuroharmonize, "nonparametric": nonparametric, "compare_values": compare_values,
         "compare_edf": compare_edf, "compare_sigma": compare_sigma, "straight": straight}[job](*arguments)
