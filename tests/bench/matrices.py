"""A large float32 matrix: tare-fit and tare-harmonise from file to file, beside neuroCombat's call alone on the same matrix
in memory, and beside a plain copy of the file.

    scripts/scratch_env.sh
    cmake --preset release -DTARE_BUILD_BENCHMARKS=ON && cmake --build --preset release
    .scratch/venv/bin/python tests/bench/matrices.py

--quick runs all of it on a small matrix within seconds, to see that it runs."""
import argparse
import sys
from pathlib import Path

from measuring import cores, markdown, measured, median, pin_threads, require, taking_turns, work_folder

JOBS = str(Path(__file__).with_name("matrix_jobs.py"))
AGREEMENT = 1e-5  # standard deviations; the result is float32, and so are the covariates in the peer


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subjects", type=int, default=1740)
    parser.add_argument("--sites", type=int, default=36)
    parser.add_argument("--features", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5, help="for all but neuroCombat, which runs once")
    parser.add_argument("--bin", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--work", type=Path, help="where the matrix is made (default: a temporary folder)")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.subjects, options.sites, options.features, options.runs = 120, 4, 2000, 1
    return options


def job(name, *words):
    return [sys.executable, JOBS, name, *map(str, words)]


def report(options, runs):
    wall, peak = median(runs, "seconds"), median(runs, "peak")
    wall["neuroCombat"] = runs["neuroCombat"][0].own
    print(f"\n{options.subjects} subjects, {options.sites} sites, {options.features} features, float32, "
          f"{options.subjects * options.features * 4 / 2**20:.0f} MiB; {options.threads} threads on {cores()} cores; "
          f"medians of {options.runs}, neuroCombat once\n")
    markdown(["", "s", "÷ cp", "neuroCombat ÷", "peak (MiB)", "neuroCombat ÷"],
             [[name, f"{wall[name]:.2f}", f"{wall[name] / wall['cp']:.2f}", f"{wall['neuroCombat'] / wall[name]:.0f}",
               f"{peak[name]:.0f}", f"{peak['neuroCombat'] / peak[name]:.1f}"] for name in runs])


def main():
    options = arguments()
    pin_threads(options.threads)
    require(options.bin, "tare-fit", "tare-harmonise")
    with work_folder(options.work) as work:
        matrix, people, sample = work / "matrix.npy", work / "people.tsv", work / "sample.npy"
        measured(job("generate", matrix, people, options.subjects, options.sites, options.features))
        cohort = ["--input", matrix, "--participants", people, "--covariates", "age,sex", "--quiet"]
        out = {name: work / folder for name, folder in {
            "cp": "copy", "tare-fit": "fit", "tare-harmonise": "harmonised", "neuroCombat": "peer"}.items()}
        runs = taking_turns({
            "cp": ["cp", "--reflink=never", matrix, out["cp"] / "matrix.npy"],
            "tare-fit": [options.bin / "tare-fit", *cohort, "--model", out["tare-fit"] / "model"],
            "tare-harmonise": [options.bin / "tare-harmonise", *cohort, "--output", out["tare-harmonise"] / "matrix.npy"],
            "neuroCombat": job("neurocombat", matrix, people, sample),
        }, options.runs, fresh=out, once=("neuroCombat",))
        report(options, runs)

        same = work / "same.npy"
        measured([options.bin / "tare-harmonise", *cohort, "--convention", "neurocombat", "--output", same])
        worst = float(measured(job("compare", matrix, same, sample)).said)
        print(f"\nLargest difference of neuroCombat from tare --convention neurocombat: {worst:.1e} SD")
    if not worst <= AGREEMENT:
        sys.exit(f"the harmonised values differ by more than {AGREEMENT} SD")


if __name__ == "__main__":
    main()
