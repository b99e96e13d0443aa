"""Whole commands side by side, from CSV to CSV: tare-harmonise, neuroCombat, neuroHarmonize, and what reading and
writing alone cost. Every run is a process of its own; the tools take turns; medians are printed as a Markdown table.

    scripts/scratch_env.sh
    cmake --preset release -DTARE_BUILD_BENCHMARKS=ON && cmake --build --preset release
    .scratch/venv/bin/python tests/bench/tables.py --sizes 1000,20000 --runs 3

This process imports nothing large: Linux counts a parent's memory at the fork into the child's peak."""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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


def measured(command, output=None):
    """Runs a command; its wall time, peak memory in MiB and last line of output."""
    with tempfile.TemporaryFile("w+") as text, open(output or os.devnull, "wb") as sink:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=sink if output else text, stderr=subprocess.PIPE, text=True)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"{' '.join(map(str, command))} failed:\n{errors}")
        text.seek(0)
        lines = text.read().split("\n")
    return seconds, usage.ru_maxrss / 1024, next((line for line in reversed(lines) if line), "")


def job(name, *words):
    return [sys.executable, JOBS, name, *map(str, words)]


def tools(bin_folder, table, work):
    """Name, command and output of each tool; cat is the floor of moving the bytes."""
    harmonise = [bin_folder / "tare-harmonise", "--input", table, "--covariates", "age,sex", "--quiet", "--force", "--output"]
    return {
        "tare-harmonise": (harmonise + [work / "tare.csv"], None),
        "tare, in memory": ([bin_folder / "bench-combat", table], None),
        "neuroCombat": (job("neurocombat", table, work / "neurocombat.csv"), None),
        "neuroHarmonize": (job("neuroharmonize", table, work / "neuroharmonize.csv"), None),
        "pandas reads and writes": (job("read_write", table, work / "copy.csv"), None),
        "cat": (["cat", table], work / "cat.csv"),
    }


def report(features, options, runs):
    own = {name: statistics.median(float(run[2] or "nan") for run in found) for name, found in runs.items()}
    wall = {name: statistics.median(run[0] for run in found) for name, found in runs.items()}
    peak = {name: statistics.median(run[1] for run in found) for name, found in runs.items()}
    binary = options.subjects * features * 8 / 2**20
    print(f"\n{options.subjects} subjects, {options.sites} sites, {features} features; {binary:.0f} MiB in binary; "
          f"medians of {options.runs} on {len(os.sched_getaffinity(0))} cores\n")
    print("| | file to file (s) | ÷ tare | fit + adjust (s) | ÷ tare | peak (MiB) | ÷ tare | ÷ binary |")
    print("| --- | --: | --: | --: | --: | --: | --: | --: |")
    for name in runs:
        if name == "tare, in memory":
            continue
        ratio = own[name] / own["tare, in memory"]
        fit = f"{own[name]:.3f} | {ratio:.1f}" if own[name] > 0 else "| "
        if name == "tare-harmonise":
            fit = f"{own['tare, in memory']:.3f} | 1.0"
        print(f"| {name} | {wall[name]:.2f} | {wall[name] / wall['tare-harmonise']:.2f} | {fit} | {peak[name]:.0f} | "
              f"{peak[name] / peak['tare-harmonise']:.2f} | {peak[name] / binary:.2f} |")


def check_agreement(options, table, work):
    """Like for like: the same values as neuroCombat by its convention."""
    same = work / "same.csv"
    measured([options.bin / "tare-harmonise", "--input", table, "--covariates", "age,sex", "--convention", "neurocombat",
              "--quiet", "--force", "--output", same])
    worst = {peer: float(measured(job("compare", table, same, work / f"{peer}.csv"))[2])
             for peer in ("neurocombat", "neuroharmonize")}
    print("\nLargest difference from tare --convention neurocombat, in SD: "
          + ", ".join(f"{peer} {value:.1e}" for peer, value in worst.items()))
    return max(worst.values()) <= AGREEMENT


def main():
    options = arguments()
    for program in ("tare-harmonise", "bench-combat"):
        if not (options.bin / program).exists():
            sys.exit(f"{options.bin / program} is not there; build it as the head of {__file__} says")
    work = options.work or Path(tempfile.mkdtemp(prefix="tare-bench-"))
    work.mkdir(parents=True, exist_ok=True)
    agreed = True
    try:
        for features in map(int, options.sizes.split(",")):
            table = work / "cohort.csv"
            measured(job("generate", table, options.subjects, options.sites, features))
            runs = {name: [] for name in tools(options.bin, table, work)}
            for _ in range(options.runs):
                for name, (command, output) in tools(options.bin, table, work).items():
                    runs[name].append(measured(command, output))
                    seconds, peak, own = runs[name][-1]
                    print(f"{features} {name}: {seconds:.2f} s, {peak:.0f} MiB, {own or '-'}", file=sys.stderr, flush=True)
            report(features, options, runs)
            agreed = check_agreement(options, table, work) and agreed
    finally:
        if not options.work:
            shutil.rmtree(work)
    if not agreed:
        sys.exit(f"the harmonised values differ by more than {AGREEMENT} SD")


if __name__ == "__main__":
    main()
