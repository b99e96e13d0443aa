#!/usr/bin/env bash
# Runs clang-tidy 19 over the sources of the library and the programs, or over the files named; any finding is an error.
# Usage: lint.sh [FILE...]
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/pinned.sh

tool=$(pinned clang-tidy)
[[ -f build/dev/compile_commands.json ]] || cmake --preset dev > /dev/null
if [[ $# -gt 0 ]]; then
    files=("$@")
else
    mapfile -t files < <(cxx_files src apps | grep '\.cpp$')
fi
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" "$tool" -p build/dev --quiet --warnings-as-errors='*' \
    --extra-arg=-Wno-unknown-warning-option \
    2> >(grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed' >&2 || true)
echo "${#files[@]} files are clean"
