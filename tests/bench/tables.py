"""Whole commands side by side, from CSV to CSV: tare-harmonise, neuroCombat, neuroHarmonize, and what reading and
writing alone cost. Every run is a process of its own; the tools take turns; medians are printed as a Markdown table.

    scripts/scratch_env.sh
    cmake --preset release -DTARE_BUILD_BENCHMARKS=ON && cmake --build --preset release
    .scratch/venv/bin/python tests/bench/tables.py --sizes 1000,20000 --runs 3"""
import argparse
import sys
from pathlib import Path

from measuring import cores, markdown, measured, median, require, taking_turns, work_folder

JOBS = str(Path(__file__).with_name("table_jobs.py"))
AGREEMENT = 1e-5  # standard deviations; neuroCombat passes covariates through float32


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,20000", help="numbers of features")
    parser.add_argument("--subjects", type=int, default=1740)
    parser.add_argument("--sites", type=int, default=36)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--bin", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--work", type=Path, help="where the tables are made (default: a temporary folder)")
    return parser.parse_args()


def job(name, *words):
    return [sys.executable, JOBS, name, *map(str, words)]


def tools(bin_folder, table, work):
    """The command of each tool; cat is the floor of moving the bytes."""
    harmonise = [bin_folder / "tare-harmonise", "--input", table, "--covariates", "age,sex", "--quiet", "--force", "--output"]
    return {
        "tare-harmonise": harmonise + [work / "tare.csv"],
        "tare, in memory": [bin_folder / "bench-combat", table],
        "neuroCombat": job("neurocombat", table, work / "neurocombat.csv"),
        "neuroHarmonize": job("neuroharmonize", table, work / "neuroharmonize.csv"),
        "pandas reads and writes": job("read_write", table, work / "copy.csv"),
        "cat": ["cat", table],
    }


def report(features, options, runs):
    own, wall, peak = (median(runs, what) for what in ("own", "seconds", "peak"))
    binary = options.subjects * features * 8 / 2**20
    print(f"\n{options.subjects} subjects, {options.sites} sites, {features} features; {binary:.0f} MiB in binary; "
          f"medians of {options.runs} on {cores()} cores\n")
    rows = []
    for name in runs:
        if name == "tare, in memory":
            continue
        fit = [f"{own[name]:.3f}", f"{own[name] / own['tare, in memory']:.1f}"] if own[name] > 0 else ["", ""]
        if name == "tare-harmonise":
            fit = [f"{own['tare, in memory']:.3f}", "1.0"]
        rows.append([name, f"{wall[name]:.2f}", f"{wall[name] / wall['tare-harmonise']:.2f}", *fit, f"{peak[name]:.0f}",
                     f"{peak[name] / peak['tare-harmonise']:.2f}", f"{peak[name] / binary:.2f}"])
    markdown(["", "file to file (s)", "÷ tare", "fit + adjust (s)", "÷ tare", "peak (MiB)", "÷ tare", "÷ binary"], rows)


def check_agreement(options, table, work):
    """Like for like: the same values as neuroCombat by its convention."""
    same = work / "same.csv"
    measured([options.bin / "tare-harmonise", "--input", table, "--covariates", "age,sex", "--convention", "neurocombat",
              "--quiet", "--force", "--output", same])
    worst = {peer: float(measured(job("compare", table, same, work / f"{peer}.csv")).said)
             for peer in ("neurocombat", "neuroharmonize")}
    print("\nLargest difference from tare --convention neurocombat, in SD: "
          + ", ".join(f"{peer} {value:.1e}" for peer, value in worst.items()))
    return max(worst.values()) <= AGREEMENT


def main():
    options = arguments()
    require(options.bin, "tare-harmonise", "bench-combat")
    agreed = True
    with work_folder(options.work) as work:
        for features in map(int, options.sizes.split(",")):
            table = work / "cohort.csv"
            measured(job("generate", table, options.subjects, options.sites, features))
            runs = taking_turns(tools(options.bin, table, work), options.runs,
                                output_of=lambda name: work / "cat.csv" if name == "cat" else None)
            report(features, options, runs)
            agreed = check_agreement(options, table, work) and agreed
    if not agreed:
        sys.exit(f"the harmonised values differ by more than {AGREEMENT} SD")


if __name__ == "__main__":
    main()
