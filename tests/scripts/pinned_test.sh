#!/usr/bin/env bash
# Usage: pinned_test.sh SOURCE_FOLDER. Another version of a pinned tool, and none, are refused with one line.
set -euo pipefail
source_folder=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

for tool in bash grep head dirname find sort; do ln -s "$(command -v $tool)" "$work/$tool"; done
for script in format lint; do
    tool=clang-${script/lint/tidy}
    for found in none 14 20; do
        rm -f "$work/$tool"
        if [[ $found != none ]]; then
            printf '#!/bin/bash\necho "Debian LLVM version %s.0.6"\n' "$found" > "$work/$tool"
            chmod +x "$work/$tool"
        fi
        code=0
        PATH=$work "$work/bash" "$source_folder/scripts/$script.sh" > "$work/output" 2>&1 || code=$?
        [[ $code -eq 69 ]] || fail "$script.sh with $tool $found exits $code: $(cat "$work/output")"
        [[ $(wc -l < "$work/output") -eq 1 ]] || fail "$script.sh with $tool $found says: $(cat "$work/output")"
        grep -q "$tool 19 is" "$work/output" || fail "$script.sh with $tool $found says: $(cat "$work/output")"
    done
done
