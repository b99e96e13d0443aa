"""The slower members of the ComBat family, whole commands from file to model, beside the calls of the field's programs alone
on values in memory: smooth age, repeated visits, the non-parametric prior; images with a smooth age; a real table.

    scripts/scratch_env.sh
    apt-get install r-base-core r-cran-mgcv r-cran-lme4
    cmake --preset release -DTARE_BUILD_BENCHMARKS=ON && cmake --build --preset release
    .scratch/venv/bin/python tests/bench/family.py --table fcon1000.csv

R, mgcv and lme4 are installed by hand, as root; without one of them its row says so. The peers work feature by feature (the
non-parametric prior: each against all), so that a few features show their time for each. --quick runs all of it on little
data, to see that it runs."""
import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from measuring import cores, markdown, measured, median, pin_threads, require, taking_turns, work_folder

JOBS = str(Path(__file__).with_name("family_jobs.py"))
IN_R = str(Path(__file__).with_name("family.R"))
PARTS = "smooth,longitudinal,nonparametric,images,table"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", default=PARTS, help=f"which to run (default: {PARTS}; table where --table is given)")
    parser.add_argument("--subjects", type=int, default=1740)
    parser.add_argument("--sites", type=int, default=36)
    parser.add_argument("--visits", type=int, default=3, help="of a person, in the longitudinal cohort of as many rows")
    parser.add_argument("--features", type=int, default=10_000)
    parser.add_argument("--peer-features", type=int, default=20, help="for the peers in R; neuroHarmonize has a tenth")
    parser.add_argument("--prior-features", default="500,1000,2000",
                        help="for neuroCombat's non-parametric prior, whose time grows with their square")
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--shape", default="91,109,91")
    parser.add_argument("--table", type=Path, help="fcon1000.csv: columns sub_id, site, age, sex and measures")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--bin", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--work", type=Path, help="where the cohorts are made (default: a temporary folder)")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.subjects, options.sites, options.features, options.peer_features = 240, 4, 200, 10
        options.prior_features, options.images, options.shape, options.runs = "50,100", 12, "24,28,24", 1
    return options


def job(name, *words):
    return [sys.executable, JOBS, name, *map(str, words)]


def in_r(name, package, *words):
    """The command that fits a peer in R; None, said aloud, where R or the package is not there."""
    if not shutil.which("Rscript"):
        missing = "R"
    elif subprocess.run(["Rscript", "-e", f"loadNamespace('{package}')"], capture_output=True, check=False).returncode:
        missing = package
    else:
        return {name: ["Rscript", IN_R, *map(str, words)]}
    print(f"\nSKIPPED: {name}: {missing} is not installed")
    return {}


class Cohort:
    """A matrix of doubles, its people, and the first features as a table for R."""

    def __init__(self, options, work, name, visits):
        self.features, self.rows = options.features, options.subjects // visits * visits
        self.matrix, self.people, self.sample = (work / f"{name}{end}" for end in (".npy", ".tsv", ".csv"))
        self.fits = {}  # the folder of each command's model, by the command's name
        self.options, self.work = options, work
        measured(job("generate", self.matrix, self.people, self.sample, options.subjects // visits, visits, options.sites,
                     options.features, options.peer_features))

    def fit(self, name, *more, threads=None):
        self.fits[name] = self.work / name.replace(" ", "-").replace(",", "")
        return {name: [self.options.bin / "tare-fit", "--input", self.matrix, "--participants", self.people, "--force",
                       "--quiet", "--threads", threads or self.options.threads, "--model", self.fits[name], *more]}

    def head(self, title):
        print(f"\n## {title}\n\n{self.rows} rows, {self.options.sites} sites, {self.features} features for tare, doubles; "
              f"{self.options.threads} threads on {cores()} cores; medians of {self.options.runs}\n")


def per_feature(runs, cohort, counts):
    """Milliseconds a feature; a command of tare by its whole time, a peer by its own clock."""
    wall, own, peak = (median(runs, what) for what in ("seconds", "own", "peak"))
    each = {name: wall[name] / cohort.features if name in cohort.fits else own[name] / counts[name] for name in runs}
    base = each[next(iter(runs))]
    markdown(["", "features", "s", "ms a feature", "÷ tare", "peak (MiB)"],
             [[name, str(counts.get(name, cohort.features)), f"{wall[name] if name in cohort.fits else own[name]:.2f}",
               f"{1000 * each[name]:.4g}", f"{each[name] / base:.3g}", f"{peak[name]:.0f}"] for name in runs])


def smooth(options, work):
    cohort = Cohort(options, work, "curves", 1)
    curve = ["--covariates", "sex", "--smooth", "age"]
    counts = {"neuroHarmonize": max(2, options.peer_features // 10), "mgcv": options.peer_features}
    found = work / "gam.txt"
    runs = taking_turns(
        cohort.fit("tare-fit, smooth age", *curve)
        | cohort.fit("the same, one thread", *curve, threads=1)
        | cohort.fit("tare-fit, linear age", "--covariates", "age,sex")
        | {"neuroHarmonize": job("neuroharmonize", cohort.matrix, cohort.people, counts["neuroHarmonize"])}
        | in_r("mgcv", "mgcv", "gam", cohort.sample, counts["mgcv"], found), options.runs)
    cohort.head("Smooth age")
    per_feature(runs, cohort, counts)
    if "mgcv" in runs:
        worst = measured(job("compare_edf", cohort.fits["tare-fit, smooth age"], found)).said
        print(f"\nLargest difference from mgcv in the curves' degrees of freedom: {float(worst):.1e}")


def longitudinal(options, work):
    cohort = Cohort(options, work, "visits", options.visits)
    terms = ["--session", "session_id", "--covariates", "age,sex", "--method", "longitudinal", "--subject", "participant_id"]
    found = work / "lmer.txt"
    runs = taking_turns(
        cohort.fit("tare-fit, longitudinal", *terms) | cohort.fit("the same, one thread", *terms, threads=1)
        | in_r("lmer, as longCombat calls it", "lme4", "lmer", cohort.sample, options.peer_features, found), options.runs)
    cohort.head("Repeated visits")
    per_feature(runs, cohort, {"lmer, as longCombat calls it": options.peer_features})
    if len(runs) > 2:
        worst = measured(job("compare_sigma", cohort.fits["tare-fit, longitudinal"], found)).said
        print(f"\nLargest relative difference from lmer in the residual SD: {float(worst):.1e}")


def nonparametric(options, work):
    cohort = Cohort(options, work, "prior", 1)
    terms = ["--covariates", "age,sex", "--prior", "nonparametric"]
    found = work / "neurocombat.npy"
    few = [int(count) for count in options.prior_features.split(",")]
    peers = {f"neuroCombat, {count} features": job("nonparametric", cohort.matrix, cohort.people, count, found)
             for count in few}
    runs = taking_turns(cohort.fit("tare-fit", *terms) | cohort.fit("the same, one thread", *terms, threads=1) | peers,
                        options.runs, once=tuple(peers)[-1:])
    cohort.head("Non-parametric prior")
    wall, own, peak = (median(runs, what) for what in ("seconds", "own", "peak"))
    base = wall["tare-fit"]
    rows = [[name, str(cohort.features), f"{wall[name]:.2f}", f"{wall[name]:.0f}", f"{wall[name] / base:.3g}",
             f"{peak[name]:.0f}"] for name in cohort.fits]
    for name, count in zip(peers, few):
        whole = own[name] * (cohort.features / count) ** 2
        rows.append([name, str(count), f"{own[name]:.2f}", f"{whole:.0f}", f"{whole / base:.3g}", f"{peak[name]:.0f}"])
    markdown(["", "features", "s", f"s for {cohort.features}", "÷ tare", "peak (MiB)"], rows)
    print("\nThe peer's time for all features is taken to grow with their square. The last of its rows ran once.")

    options = argparse.Namespace(**vars(options) | {"features": few[0]})
    small, ours = Cohort(options, work, "small", 1), work / "ours.npy"
    measured(job("nonparametric", small.matrix, small.people, few[0], found))
    measured([options.bin / "tare-harmonise", "--input", small.matrix, "--participants", small.people, "--quiet", "--force",
              *terms, "--convention", "neurocombat", "--output", ours])
    worst = float(measured(job("compare_values", small.matrix, ours, found)).said)
    print(f"\nLargest difference of neuroCombat from tare --convention neurocombat: {worst:.1e} SD")


def images(options, work):
    table, raw, mask, out = work / "people.tsv", work / "raw", work / "truth" / "mask.nii.gz", work / "harmonised"
    measured([options.bin / "tare-simulate", "--images", f"{raw}/{{participant_id}}.nii.gz", "--shape", options.shape,
              "--subjects", options.images, "--sites", 5, "--seed", 1, "--output", table, "--truth", work / "truth",
              "--quiet"])

    def harmonise(folder, *more):
        return [options.bin / "tare-harmonise", "--images", f"{raw}/{{participant_id}}.nii.gz", "--participants", table,
                "--quiet", "--threads", options.threads, "--output-images", f"{folder}/{{participant_id}}.nii.gz", *more]

    curve, line, masked = ["--covariates", "sex", "--smooth", "age"], ["--covariates", "age,sex"], ["--mask", mask]
    fresh = {"smooth age, mask": out / "curve", "linear age, mask": out / "line", "smooth age, no mask": out / "whole"}
    runs = taking_turns({name: harmonise(fresh[name], *terms) for name, terms in zip(
        fresh, (curve + masked, line + masked, curve))}, options.runs, fresh=fresh)
    wall, peak = median(runs, "seconds"), median(runs, "peak")
    print(f"\n## Images\n\n{options.images} images of {options.shape.replace(',', ' × ')} voxels, 5 sites; "
          f"{options.threads} threads on {cores()} cores; medians of {options.runs}\n")
    markdown(["tare-harmonise", "s", "min", "÷ linear", "peak (MiB)"],
             [[name, f"{wall[name]:.2f}", f"{wall[name] / 60:.2f}", f"{wall[name] / wall['linear age, mask']:.2f}",
               f"{peak[name]:.0f}"] for name in runs])


def real_table(options, work):
    def fit(model, *terms):
        return [options.bin / "tare-fit", "--input", options.table, "--id", "sub_id", "--quiet", "--force", "--threads",
                options.threads, "--model", model, *terms]

    runs = taking_turns({"smooth age": fit(work / "curve.json", "--covariates", "sex", "--smooth", "age"),
                         "linear age": fit(work / "line.json", "--covariates", "age,sex")}, 4 * options.runs)
    wall, peak = median(runs, "seconds"), median(runs, "peak")
    print(f"\n## {options.table.stem}\n\nmedians of {4 * options.runs}, {options.threads} threads on {cores()} cores\n")
    markdown(["tare-fit", "s", "÷ linear", "peak (MiB)"],
             [[name, f"{wall[name]:.3f}", f"{wall[name] / wall['linear age']:.2f}", f"{peak[name]:.0f}"] for name in runs])
    print("\n" + measured(job("straight", work / "curve.json", "age")).said)


def main():
    options = arguments()
    pin_threads(options.threads)
    require(options.bin, "tare-simulate", "tare-fit", "tare-harmonise")
    parts = options.parts.split(",")
    with work_folder(options.work) as work:
        work = work.resolve()
        for name, part in (("smooth", smooth), ("longitudinal", longitudinal), ("nonparametric", nonparametric),
                           ("images", images)):
            if name in parts:
                part(options, work)
        if "table" in parts and options.table:
            real_table(options, work)


if __name__ == "__main__":
    main()
