#!/usr/bin/env bash
# Installs the Debian 12 packages that are missing, and touches nothing where none is: afterwards no network is needed.
# Usage: install_deps.sh [--tests] [--list]   (--tests: what the test suite needs too; --list: print what is missing)
set -euo pipefail

build_packages=(g++ cmake ninja-build libeigen3-dev libboost-program-options-dev nlohmann-json3-dev libdeflate-dev
    zlib1g-dev libinsighttoolkit5-dev liblinear-dev libsvm-dev libxgboost-dev
    librsvg2-dev pkgconf fonts-dejavu-core)
test_packages=(ccache catch2 clang-19 clang-format-19 clang-tidy-19 libclang-rt-19-dev libomp-19-dev
    man-db bash-completion mrtrix3 nifti-bin python3 shellcheck slurm-wlm munge chromium poppler-utils)

packages=("${build_packages[@]}")
list_only=false
for argument in "$@"; do
    case $argument in
        --tests) packages+=("${test_packages[@]}") ;;
        --list) list_only=true ;;
        *) echo "install_deps.sh: unknown option '$argument' (known: --tests, --list)" >&2; exit 64 ;;
    esac
done

if ! command -v dpkg-query apt-get > /dev/null; then
    echo "install_deps.sh: this is no Debian system; what tare needs is: ${packages[*]}" >&2
    exit 0
fi

missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2> /dev/null) || status=absent
    [[ $status == installed ]] || missing+=("$package")
done
if $list_only; then
    printf '%s' "${missing[@]/%/$'\n'}"
    exit 0
fi
[[ ${#missing[@]} -gt 0 ]] || exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo > /dev/null; then
        echo "install_deps.sh: missing, and neither root nor sudo to install them: ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
echo "installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
