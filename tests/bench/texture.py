"""Texture features by tare-texture beside MIRP: both read the same image and mask, take turns, and their values are compared.

    python3 -m venv /tmp/mirp && /tmp/mirp/bin/pip install mirp==2.7.0
    cmake --preset release && cmake --build --preset release
    /tmp/mirp/bin/python tests/bench/texture.py IMAGE MASK [--families FAMILIES] [--rounds N]

The mask holds 1 in the structure. Matrices are 3d-average, of 32 bins. MIRP estimates autocorrelation from part of the pairs
unless --all-pairs is given."""

import argparse
import csv
import pathlib
import re
import statistics
import subprocess
import time
import warnings

warnings.filterwarnings("ignore")
from mirp import extract_features

ROOT = pathlib.Path(__file__).parents[2]
FAMILIES = {"morphology": "morph", "autocorrelation": "morph", "local": "loc", "intensity": "stat", "histogram": "ih",
            "ivh": "ivh", "glcm": "cm", "glrlm": "rlm", "glszm": "szm", "gldzm": "dzm", "ngtdm": "ngt", "ngldm": "ngl"}
MIRP_NAMES = {"loc": "local_intensity", "ngt": "ngtdm", "ngl": "ngldm"}
AUTOCORRELATION = {"morph_moran_i", "morph_geary_c"}


def tags_of_names():
    """The tag of every feature that tare names, from the tables of its sources."""
    tags = {}
    for source in (ROOT / "src/imaging/texture").glob("*.cpp"):
        for name, tag in re.findall(r'Named<\w>\{"(\w+)", "(\w+)",', source.read_text()):
            family = next(key for key, start in FAMILIES.items() if tag.startswith(start + "_"))
            if tag in AUTOCORRELATION:
                family = "autocorrelation"
            ending = {"glcm": "_3d_average", "glrlm": "_3d_average"}.get(family, "_3d")
            tags[f"{family}_{name}" + (ending if family[:2] in ("gl", "ng") else "")] = tag
    return tags


def by_tare(image, mask, families):
    out = subprocess.run(
        [ROOT / "build/release/bin/tare-texture", "--images", image, "--labels", mask, "--families", ",".join(families),
         "--threads", "1", "--quiet"],
        check=True, capture_output=True, text=True,
    ).stdout
    names, values = csv.reader(out.splitlines(), delimiter="\t")
    tags = tags_of_names()
    return {tags[name]: float(value) for name, value in zip(names[2:], values[2:]) if value != "n/a"}


def by_mirp(image, mask, families, all_pairs):
    spatial = {f"{matrix}_spatial_method": "3d_average" if matrix in ("glcm", "glrlm") else "3d"
               for matrix in ("glcm", "glrlm", "glszm", "gldzm", "ngtdm", "ngldm")}
    table = extract_features(
        image=image, mask=mask, write_features=False, export_features=True, num_cpus=1,
        base_feature_families=sorted({MIRP_NAMES.get(FAMILIES[one], FAMILIES[one]) for one in families}), no_approximation=all_pairs,
        base_discretisation_method="fixed_bin_number", base_discretisation_n_bins=32,
        ivh_discretisation_method="fixed_bin_number", **spatial,
    )[0]
    return table.iloc[0].to_dict()


def compare(ours, theirs):
    within = 0
    for tag, value in sorted(ours.items()):
        found = [name for name in theirs if name == tag or re.match(re.escape(tag) + "_(3d|d1|fbn|ivh)", name)]
        if not found:
            print(f"  {tag}: not in MIRP")
            continue
        other = float(theirs[found[0]])
        relative = abs(value - other) / abs(other) if other else abs(value)
        if relative < 1e-6:
            within += 1
        else:
            print(f"  {tag}: {value:.6g}, MIRP {other:.6g}, relative difference {relative:.1e}")
    print(f"{within} features within 1e-6")


def timed(work):
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image")
    parser.add_argument("mask")
    parser.add_argument("--families", default=",".join(FAMILIES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--all-pairs", action="store_true")
    options = parser.parse_args()
    chosen = options.families.split(",")
    times = {"tare": [], "MIRP": []}
    for _ in range(options.rounds):
        seconds, theirs = timed(lambda: by_mirp(options.image, options.mask, chosen, options.all_pairs))
        times["MIRP"].append(seconds)
        seconds, ours = timed(lambda: by_tare(options.image, options.mask, chosen))
        times["tare"].append(seconds)
    tare, mirp = statistics.median(times["tare"]), statistics.median(times["MIRP"])
    print(f"tare {tare:.2f} s, MIRP {mirp:.2f} s, MIRP / tare {mirp / tare:.1f}")
    compare(ours, theirs)
