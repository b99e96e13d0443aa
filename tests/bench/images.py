"""A cohort of simulated images, harmonised: tare-harmonise beside the floor (the same files only decompressed and
compressed again, by libdeflate) and beside neuroHarmonize; and tare's peak memory with ten times as many images.

    scripts/scratch_env.sh
    cmake --preset release -DTARE_BUILD_BENCHMARKS=ON && cmake --build --preset release
    .scratch/venv/bin/python tests/bench/images.py

--quick runs all of it on tiny images within seconds, to see that it runs."""
import argparse
import csv
import os
import sys
from pathlib import Path

from measuring import cores, markdown, measured, median, pin_threads, require, taking_turns, work_folder

JOBS = str(Path(__file__).with_name("image_jobs.py"))
AGREEMENT = 1e-4  # standard deviations; images are float32, and so are the covariates in the peer
COPIES = 10


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=40)
    parser.add_argument("--sites", type=int, default=4)
    parser.add_argument("--shape", default="91,109,91")
    parser.add_argument("--memory", default="400M", help="what the memory table allows")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5, help="for all but the peer and the many images, which run once")
    parser.add_argument("--bin", type=Path, default=Path("build/release/bin"))
    parser.add_argument("--work", type=Path, help="where the images are made (default: a temporary folder)")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if options.quick:
        options.images, options.sites, options.shape, options.runs = 12, 2, "24,28,24", 1
    return options


def job(name, *words):
    return [sys.executable, JOBS, name, *map(str, words)]


def harmonise(options, table, source, target, *more):
    return [options.bin / "tare-harmonise", "--images", f"{source}/{{participant_id}}.nii.gz", "--participants", table,
            "--covariates", "age,sex", "--quiet", "--output-images", f"{target}/{{participant_id}}.nii.gz", *more]


def multiply(table, source, many_table, many):
    """Every image several times, as links, each under an id of its own."""
    many.mkdir()
    with open(table, encoding="utf-8", newline="") as once, open(many_table, "w", encoding="utf-8", newline="") as out:
        rows = list(csv.DictReader(once, delimiter="\t"))
        writer = csv.DictWriter(out, rows[0].keys(), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        for copy in range(COPIES):
            for row in rows:
                name = f"{row['participant_id']}copy{copy}"
                os.symlink(source / f"{row['participant_id']}.nii.gz", many / f"{name}.nii.gz")
                writer.writerow(row | {"participant_id": name})
    return many_table


def report(options, runs, stored):
    wall, peak = median(runs, "seconds"), median(runs, "peak")
    floor, tare = wall["decompress and compress"], wall["tare-harmonise, mask"]
    print(f"\n{options.images} images of {options.shape.replace(',', ' × ')} voxels, float32, {stored / 2**20:.0f} MiB as "
          f".nii.gz; {options.sites} sites; {options.threads} threads on {cores()} cores; medians of {options.runs}, "
          "the peer once\n")
    markdown(["", "s", "÷ floor", "÷ tare", "peak (MiB)"],
             [[name, f"{wall[name]:.2f}", f"{wall[name] / floor:.2f}", f"{wall[name] / tare:.2f}", f"{peak[name]:.0f}"]
              for name in runs])
    learned = runs["neuroHarmonize"][0]
    print(f"\nOf the peer's {learned.seconds:.1f} s its calls alone took {learned.own:.1f} s, the rest is Python's start.")


def report_memory(options, few, many):
    print(f"\ntare-harmonise --memory {options.memory}, with the mask:\n")
    rows = []
    for images, runs in ((options.images, few), (options.images * COPIES, many)):
        seconds, peak = median({"": runs}, "seconds")[""], median({"": runs}, "peak")[""]
        rows.append([str(images), f"{seconds:.2f}", f"{seconds / images:.3f}", f"{peak:.0f}"])
    markdown(["images", "s", "s per image", "peak (MiB)"], rows)


def main():
    options = arguments()
    pin_threads(options.threads)
    require(options.bin, "tare-simulate", "tare-harmonise", "bench-recompress")
    with work_folder(options.work) as work:
        work = work.resolve()
        table, raw, mask = work / "people.tsv", work / "raw", work / "truth" / "mask.nii.gz"
        measured([options.bin / "tare-simulate", "--images", f"{raw}/{{participant_id}}.nii.gz", "--shape", options.shape,
                  "--subjects", options.images, "--sites", options.sites, "--seed", 1, "--output", table,
                  "--truth", work / "truth", "--quiet"])
        images = sorted(raw.glob("*.nii.gz"))
        out = {name: work / folder for name, folder in {
            "decompress and compress": "floor", "tare-harmonise, mask": "masked", "tare-harmonise, no mask": "unmasked",
            "neuroHarmonize": "peer", "little memory": "little"}.items()}
        masked = ["--mask", mask]
        runs = taking_turns({
            "decompress and compress": [options.bin / "bench-recompress", out["decompress and compress"], *images],
            "tare-harmonise, mask": harmonise(options, table, raw, out["tare-harmonise, mask"], *masked),
            "tare-harmonise, no mask": harmonise(options, table, raw, out["tare-harmonise, no mask"]),
            "little memory": harmonise(options, table, raw, out["little memory"], *masked, "--memory", options.memory),
            "neuroHarmonize": job("neuroharmonize", table, raw, mask, out["neuroHarmonize"]),
        }, options.runs, fresh=out, once=("neuroHarmonize",))
        few = runs.pop("little memory")
        report(options, runs, sum(path.stat().st_size for path in images))

        many_table = multiply(table, raw, work / "many.tsv", work / "many")
        many = taking_turns({"many images": harmonise(options, many_table, work / "many", work / "out", *masked,
                                                      "--memory", options.memory)}, 1)["many images"]
        report_memory(options, few, many)

        measured(harmonise(options, table, raw, work / "same", *masked, "--convention", "neurocombat"))
        worst = float(measured(job("compare", table, raw, mask, work / "same", out["neuroHarmonize"])).said)
        print(f"\nLargest difference of neuroHarmonize from tare --convention neurocombat: {worst:.1e} SD")
    if not worst <= AGREEMENT:
        sys.exit(f"the harmonised values differ by more than {AGREEMENT} SD")


if __name__ == "__main__":
    main()
