# shellcheck shell=bash
# Sourced by the scripts: the one version of LLVM's tools in use, so that two people never disagree about format or lint.
llvm_version=19

# The path of the pinned tool; one clear line where it is missing or another version.
pinned() {
    local path version
    path=$(command -v "$1-$llvm_version" || command -v "$1") || {
        echo "$1 $llvm_version is not installed (scripts/install_deps.sh --tests installs it)" >&2
        exit 69
    }
    version=$("$path" --version | grep -oE 'version [0-9]+' | head -n 1)
    [[ $version == "version $llvm_version" ]] || {
        echo "$1 $llvm_version is needed, and $path is ${version:-of an unknown version}" >&2
        exit 69
    }
    echo "$path"
}

# The C++ and CUDA files below the given folders.
cxx_files() {
    find "$@" -name '*.[ch]pp' -o -name '*.cu' | LC_ALL=C sort
}
