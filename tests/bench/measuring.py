"""What the benchmarks share: whole commands as processes of their own, which take turns; medians; Markdown tables.

A benchmark's main process imports nothing large: Linux counts a parent's memory at the fork into the child's peak."""
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    seconds: float
    peak: float  # MiB
    said: str  # the last line of output

    @property
    def own(self):
        """Seconds by the command's own clock, which it prints last; NaN where it prints nothing."""
        return float(self.said or "nan")


def pin_threads(threads):
    """Every command that follows gets this many threads, the peers' linear algebra included."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)


def require(folder, *programs):
    for program in programs:
        if not (folder / program).exists():
            sys.exit(f"{folder / program} is not there; build it as the head of {sys.argv[0]} says")


@contextlib.contextmanager
def work_folder(wanted):
    """The folder that was asked for, or a temporary one that goes in the end."""
    folder = wanted or Path(tempfile.mkdtemp(prefix="tare-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        if not wanted:
            shutil.rmtree(folder)


def measured(command, output=None):
    """Runs a command, its output into a file where one is given. Ends the benchmark if the command fails."""
    with tempfile.TemporaryFile("w+") as text, open(output or os.devnull, "wb") as sink:
        began = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), stdout=sink if output else text, stderr=subprocess.PIPE, text=True)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"{' '.join(map(str, command))} failed:\n{errors}")
        text.seek(0)
        lines = text.read().split("\n")
    return Run(seconds, usage.ru_maxrss / 1024, next((line for line in reversed(lines) if line), ""))


def taking_turns(commands, rounds, output_of=None, fresh=None, once=()):
    """The runs of each command by its name: all in turn, `rounds` times, those in `once` only in the first round. `fresh`
    names the folder that a command finds empty. What is written is flushed before the next command's clock starts."""
    runs = {name: [] for name in commands}
    for round_ in range(rounds):
        for name, command in commands.items():
            if round_ > 0 and name in once:
                continue
            if fresh:
                shutil.rmtree(fresh[name], ignore_errors=True)
                fresh[name].mkdir(parents=True)
            os.sync()
            run = measured(command, output_of(name) if output_of else None)
            runs[name].append(run)
            print(f"{name}: {run.seconds:.2f} s, {run.peak:.0f} MiB, {run.said or '-'}", file=sys.stderr, flush=True)
    return runs


def median(runs, what):
    return {name: statistics.median(getattr(run, what) for run in found) for name, found in runs.items()}


def markdown(header, rows):
    """A table whose first column is text and whose others are numbers."""
    print("|" + "|".join(f" {cell} " if cell else " " for cell in header) + "|")
    print("| --- |" + " --: |" * (len(header) - 1))
    for row in rows:
        print("|" + "|".join(f" {cell} " if cell else " " for cell in row) + "|")


def cores():
    return len(os.sched_getaffinity(0))
