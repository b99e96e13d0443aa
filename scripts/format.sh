#!/usr/bin/env bash
# Formats every C++ file with clang-format 19, the version that .clang-format is written for.
# Usage: format.sh [--check]   (--check: change nothing, name the files that would change, exit 1 if there are any)
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/pinned.sh

tool=$(pinned clang-format)
mapfile -t files < <(cxx_files include src apps tests)
case ${1:-} in
    "") "$tool" -i "${files[@]}" ;;
    --check)
        wrong=()
        for file in "${files[@]}"; do
            "$tool" --dry-run -Werror "$file" 2> /dev/null || wrong+=("$file")
        done
        if [[ ${#wrong[@]} -gt 0 ]]; then
            printf 'not formatted: %s\n' "${wrong[@]}"
            echo "scripts/format.sh formats them"
            exit 1
        fi
        echo "${#files[@]} files are formatted"
        ;;
    *) echo "format.sh: unknown option '$1' (known: --check)" >&2; exit 64 ;;
esac
