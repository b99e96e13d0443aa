#!/usr/bin/env bash
# Puts a CUDA 13 compiler into .scratch/cuda where the machine has no nvcc, so that every kernel is compiled even where none
# can run. The parts come from PyPI, as NVIDIA packages them; nothing is installed outside the folder.
# Usage: cuda_toolkit.sh
set -euo pipefail
cd "$(dirname "$0")/.."

for nvcc in "$(command -v nvcc || true)" /usr/local/cuda/bin/nvcc .scratch/cuda/bin/nvcc; do
    [[ -n $nvcc && -x $nvcc ]] || continue
    release=$("$nvcc" --version | grep -oE 'release [0-9]+' | grep -oE '[0-9]+')
    if [[ $release -ge 13 ]]; then
        echo "$nvcc is of release $release"
        exit 0
    fi
done
wheels=(nvidia-cuda-nvcc==13.0.88 nvidia-cuda-crt==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-runtime==13.0.96 nvidia-cuda-cccl==13.0.85)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-deps --target "$work/parts" "${wheels[@]}"
rm -rf .scratch/cuda
mkdir -p .scratch
mv "$work/parts/nvidia/cu13" .scratch/cuda
ln -sfn lib .scratch/cuda/lib64
.scratch/cuda/bin/nvcc --version | grep release
