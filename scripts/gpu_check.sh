#!/usr/bin/env bash
# Everything that needs a graphics card, in one go: builds, runs the device tests, compute-sanitizer where it is installed and
# the benchmark beside a Python formulation, and prints one table. Exits 69 where there is no card.
# Usage: gpu_check.sh [VOXELS SUBJECTS SITES]   (2000000 500 36)
set -uo pipefail
cd "$(dirname "$0")/.." || exit
shape=("${1:-2000000}" "${2:-500}" "${3:-36}")
failed=0
summary=()

build() {
    local log=build/gpu.log
    mkdir -p build
    { cmake --preset gpu && cmake --build --preset gpu --target device_tests bench-cuda --parallel; } \
        > "$log" 2>&1 || { tail -n 40 "$log"; return 1; }
}

# note NAME COMMAND...: runs it, keeps how it ended for the table.
note() {
    local name=$1
    shift
    echo "== $name"
    if "$@"; then summary+=("$name"$'\t'passed); else summary+=("$name"$'\t'"FAILED ($?)"); failed=1; fi
}

scripts/cuda_toolkit.sh || exit
build || exit
# A small run finds out whether there is a card, and which.
card=$(build/gpu/bin/bench-cuda 1000 16 1) || exit
card=$(head -n 1 <<< "$card")
note "device tests" build/gpu/tests/device_tests "[device]"
note "device tests, 10,000,000 features" build/gpu/tests/device_tests "[large]"
if command -v compute-sanitizer > /dev/null; then
    for tool in memcheck racecheck initcheck; do
        note "compute-sanitizer $tool" compute-sanitizer --tool "$tool" --error-exitcode 1 \
            build/gpu/tests/device_tests "[device]"
    done
else
    summary+=("compute-sanitizer"$'\t'"not installed")
fi
figures=$(mktemp)
trap 'rm -f "$figures"' EXIT
note "benchmark" build/gpu/bin/bench-cuda "${shape[@]}" > "$figures"
python3 tests/bench/cuda_peer.py "${shape[@]}" >> "$figures" || summary+=("Python formulation"$'\t'"no CuPy or PyTorch with a card")

echo
echo "$(date -u +%F), $card, ${shape[0]} voxels, ${shape[1]} subjects, ${shape[2]} sites"
printf '%s\n' "${summary[@]}" | column -t -s $'\t'
grep -vE '^(==|cuda:)' "$figures" | column -t -s $'\t'
exit $failed
