#!/usr/bin/env bash
# Makes .scratch/venv: a Python environment with the reference programs, for oracles and benchmarks. Nothing else needs it.
set -euo pipefail
cd "$(dirname "$0")/.."
requirements=tests/bench/requirements.txt
stamp=.scratch/venv/installed.txt

if cmp -s "$requirements" "$stamp"; then
    echo ".scratch/venv is up to date"
    exit 0
fi
python3 -c 'import ensurepip, venv' 2> /dev/null || { echo "scratch_env.sh: python3-venv is not installed" >&2; exit 69; }
mkdir -p .scratch
python3 -m venv --clear .scratch/venv
.scratch/venv/bin/pip install --quiet --disable-pip-version-check --requirement "$requirements"
cp "$requirements" "$stamp"
echo "made .scratch/venv with $(grep -c == "$requirements") pinned packages"
