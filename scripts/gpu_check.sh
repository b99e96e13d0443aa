#!/usr/bin/env bash
# Everything that needs a graphics card, in one go: builds, runs the device tests, compute-sanitizer where it is installed and
# the benchmark beside a Python formulation, and prints one table. Exits 69 with one sentence where there is no card, 1 where
# something failed. PYTHON names a Python that has CuPy or PyTorch, where that is not python3.
# Usage: gpu_check.sh [VOXELS SUBJECTS SITES]   (2000000 500 36)
set -uo pipefail
cd "$(dirname "$0")/.." || exit
shape=("${1:-2000000}" "${2:-500}" "${3:-36}")
failed=0
checks=()
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# quietly COMMAND...: says something only where it fails, and ends the script then.
quietly() {
    local status=0
    "$@" > "$work/log" 2>&1 || status=$?
    if ((status != 0)); then
        tail -n 40 "$work/log" >&2
        exit "$status"
    fi
}

# note NAME COMMAND...: runs it, keeps how it ended for the table.
note() {
    local name=$1 status=0
    shift
    echo "== $name" >&2
    "$@" || status=$?
    if ((status == 0)); then
        checks+=("$name"$'\t'passed)
    else
        checks+=("$name"$'\t'"FAILED ($status)")
        failed=1
    fi
    return "$status"
}

quietly scripts/cuda_toolkit.sh
quietly cmake --preset gpu
quietly cmake --build --preset gpu --target bench-cuda --parallel
card=$(build/gpu/bin/bench-cuda --card) || exit
quietly cmake --build --preset gpu --target device_tests --parallel

note "device tests" build/gpu/tests/device_tests "[device]"
note "device tests, 10,000,000 features" build/gpu/tests/device_tests "[large]"
if command -v compute-sanitizer > /dev/null; then
    for tool in memcheck racecheck initcheck; do
        note "compute-sanitizer $tool" compute-sanitizer --tool "$tool" --error-exitcode 1 \
            build/gpu/tests/device_tests "[device]"
    done
else
    checks+=("compute-sanitizer"$'\t'"not installed")
fi
note "benchmark" build/gpu/bin/bench-cuda "${shape[@]}" > "$work/figures"

echo "== Python formulation" >&2
status=0
"${PYTHON:-python3}" tests/bench/cuda_peer.py "${shape[@]}" > "$work/peer" || status=$?
library=$(head -n 1 "$work/peer")
case $status in
    0) checks+=("Python formulation"$'\t'"$library") ;;
    69) checks+=("Python formulation"$'\t'"not run: no CuPy or PyTorch that finds the card") ;;
    *)
        checks+=("Python formulation"$'\t'"FAILED ($status)")
        failed=1
        ;;
esac

# The figures of the peer stand beside those of the same name.
echo "$(date -u +%F), $(head -n 1 "$work/figures" | grep . || echo "$card")"
echo
echo "| what | milliseconds | rate | ${library:-Python}, milliseconds | times tare's |"
echo "| --- | --- | --- | --- | --- |"
printf '%s\n' "${checks[@]}" | awk -F '\t' '{ printf "| %s | %s | | | |\n", $1, $2 }'
awk -F '\t' '
    FILENAME == ARGV[1] { if (NF > 1) peer[$1] = $2; next }
    FNR > 2 {
        times = ($1 in peer) && $2 > 0 ? sprintf("%.2f", peer[$1] / $2) : ""
        printf "| %s | %s | %s | %s | %s |\n", $1, $2, $3, peer[$1], times
    }' "$work/peer" "$work/figures"
exit $failed
