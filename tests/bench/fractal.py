"""Fractal dimension by tare-fractal beside the same algorithm in numpy, as fractalbrain-toolkit does it: a histogram of the
structure's voxels in three dimensions for every box size and offset. Both read the same files, take turns, and must find the
same dimension.

    scripts/scratch_env.sh
    cmake --preset release && cmake --build --preset release
    .scratch/venv/bin/python tests/bench/fractal.py IMAGE...

Images are binary structures in isotropic voxels."""

import argparse
import math
import pathlib
import random
import statistics
import subprocess
import time

import nibabel
import numpy


def boxes_touched(voxels, side, offset, extents):
    """Boxes of a lattice that has voxels in it, by a histogram over the whole grid."""
    edges = [numpy.arange(-shift, extent + side, side) for shift, extent in zip(offset, extents)]
    counts, _ = numpy.histogramdd(voxels, bins=edges)
    return numpy.count_nonzero(counts)


def best_window(log_sides, log_counts, least=5):
    best = None
    for length in range(len(log_sides), least - 1, -1):
        for first in range(len(log_sides) - length + 1):
            x, y = log_sides[first : first + length], log_counts[first : first + length]
            slope, intercept = numpy.polyfit(x, y, 1)
            share = 1 - numpy.sum((y - slope * x - intercept) ** 2) / numpy.sum((y - y.mean()) ** 2)
            adjusted = round(1 - (1 - share) * (length - 1) / (length - 2), 3)
            if best is None or adjusted > best[0]:
                best = (adjusted, round(-slope, 4))
    return best[1]


def dimension(path, offsets=20):
    data = numpy.asarray(nibabel.load(path).dataobj)
    voxels = numpy.argwhere(data > 0)
    extents = data.shape
    stream = random.Random(1)
    means = []
    scales = math.ceil(math.log2(max(extents))) + 1
    for scale in range(scales):
        side = 2**scale
        drawn = [[stream.randint(0, side) for _ in extents] for _ in range(offsets)]
        means.append(statistics.mean(boxes_touched(voxels, side, offset, extents) for offset in drawn))
    return best_window(numpy.arange(scales, dtype=float), numpy.log2(means))


def by_tare(programs, path):
    line = subprocess.run(
        [programs / "tare-fractal", "--images", path, "--convention", "fractalbrain", "--threads", "1", "--quiet"],
        check=True, capture_output=True, text=True,
    ).stdout.splitlines()
    return float(dict(zip(line[0].split("\t"), line[1].split("\t")))["fd"])


def timed(work):
    start = time.perf_counter()
    value = work()
    return time.perf_counter() - start, value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="binary structures")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path("build/release/bin"))
    options = parser.parse_args()
    print("| structure | tare (s) | numpy (s) | ratio | dimension |\n| --- | --: | --: | --: | --: |")
    for image in options.images:
        ours, theirs = [], []
        for _ in range(options.runs):
            seconds, found = timed(lambda: by_tare(options.bin, image))
            ours.append(seconds)
            seconds, expected = timed(lambda: dimension(image))
            theirs.append(seconds)
            assert abs(found - expected) < 1e-9, (image, found, expected)
        a, b = statistics.median(ours), statistics.median(theirs)
        print(f"| `{pathlib.Path(image).name}` | {a:.2f} | {b:.1f} | {b / a:.0f} | {found} |", flush=True)


if __name__ == "__main__":
    main()
