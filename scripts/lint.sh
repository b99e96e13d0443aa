#!/usr/bin/env bash
# Runs clang-tidy 19 over the sources of the library and the programs, or over the files named; any finding is an error.
# What it costs is the headers of others, not our code. Where all sources are asked for, most checks therefore see many
# of them in one batch, a file that includes them.
# Usage: lint.sh [FILE...]
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/pinned.sh

tool=$(pinned clang-tidy)
compiler=$(pinned clang++)
[[ -f build/dev/compile_commands.json ]] || cmake --preset dev > /dev/null

# These ask which file is being compiled, or what it declares altogether: they see every file alone.
main_file_matters='^(clang-analyzer-.*|misc-unused-.*-decls|modernize-deprecated-headers|google-global-names-in-headers'
main_file_matters+='|bugprone-suspicious-include|bugprone-forward-declaration-namespace|readability-redundant-declaration'
main_file_matters+='|readability-inconsistent-declaration-parameter-name)$'

# look CHECKS COMMANDS FILE: clang-tidy without its counts of suppressed warnings; COMMANDS is where compile_commands.json is.
look() {
    "$tool" -p "$2" --quiet --checks="$1" --warnings-as-errors='*' --extra-arg=-Wno-unknown-warning-option "$3" \
        2> >(grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed' >&2 || true)
}

look_alone() { look "-*,$alone" build/dev "$1"; }
look_fully() { look "" build/dev "$1"; }

# The lines of a batch whose files do not compile in the company of those above them.
clashing_lines() {
    "$compiler" @build/lint/options -fsyntax-only "$1" 2>&1 | sed -nE "s|^In file included from $1:([0-9]+):\$|\1|p" | sort -un
}

# The files of a batch as one, and alone those that do not go with the others.
look_together() {
    local lines file verdict=0 apart=()
    while lines=$(clashing_lines "$1") && [[ -n $lines ]]; do
        while read -r file; do apart+=("$file"); done < <(sed -n "${lines//$'\n'/p;}p" "$1" | cut -d '"' -f 2)
        sed -i "${lines//$'\n'/d;}d" "$1"
    done
    for file in "${apart[@]}"; do look "-*,$together" build/dev "$file" || verdict=1; done
    [[ ! -s $1 ]] || look "-*,$together" build/lint "$1" || verdict=1
    return "$verdict"
}

# What compiles a file of any layer: the options of all layers, each once, without warnings.
common_options() {
    sed -nE 's/^ *"command": "[^ ]+ (.*) -o [^ ]+ -c .*\/(src|apps)\/.*",$/\1/p' build/dev/compile_commands.json |
        sed -E 's/\\(.)/\1/g' | grep -oE '(-isystem )?([^ "]|"[^"]*")+' | grep -v '^-W' | awk '!seen[$0]++'
    printf '%s\n' -w -ferror-limit=0
}

# Prints "BATCH FILE" for every file given. Two files in which a name at the start of a line is defined in both go into
# different batches: what is private to a file is so no more when it is included.
in_batches() {
    awk -v most=24 '
        function place(    b, name, clash) {
            for (b = 1; ; ++b) {
                clash = size[b] >= most
                for (name in names) if ((b, name) in taken) clash = 1
                if (!clash) break
            }
            for (name in names) taken[b, name] = 1
            ++size[b]
            print b, file
        }
        FNR == 1 { if (file != "") place(); delete names; file = FILENAME }
        /^([a-z]|#define )/ && !/^(namespace|using namespace|extern|template|public|protected|private)/ {
            line = $0
            gsub(/<[^<>]*>/, "", line); gsub(/<[^<>]*>/, "", line)
            sub(/[({=;].*/, "", line)
            if (match(line, /[A-Za-z_][A-Za-z_0-9]*[^A-Za-z_0-9]*$/)) {
                name = substr(line, RSTART, RLENGTH)
                gsub(/[^A-Za-z_0-9]/, "", name)
                if (substr(line, RSTART - 1, 1) != ":") names[name] = 1
            }
        }
        END { place() }' "$@"
}

# Writes the batches, and how to compile them, to build/lint.
write_batches() {
    local batch file
    rm -rf build/lint
    mkdir -p build/lint
    in_batches "$@" | while read -r batch file; do echo "#include \"$PWD/$file\"" >> "build/lint/batch$batch.cpp"; done
    [[ $(cat build/lint/*.cpp | wc -l) -eq $# ]] || { echo "not every file is in a batch" >&2; exit 70; }
    common_options > build/lint/options
    for batch in build/lint/*.cpp; do
        printf '{"directory": "%s", "file": "%s", "command": "clang++ @build/lint/options -c %s"},\n' "$PWD" "$batch" "$batch"
    done | sed -e '1s/^/[/' -e '$s/,$/]/' > build/lint/compile_commands.json
}

# Prints pairs of what to do and with which file, each ended by NUL.
tasks() {
    if [[ $# -gt 0 ]]; then
        printf 'look_fully\0%s\0' "$@"
        return
    fi
    local programs sources
    mapfile -t programs < <(cxx_files apps | grep '\.cpp$')
    mapfile -t sources < <(cxx_files src | grep '\.cpp$')
    write_batches "${sources[@]}"
    printf 'look_together\0%s\0' build/lint/*.cpp
    printf 'look_alone\0%s\0' "${sources[@]}"
    printf 'look_fully\0%s\0' "${programs[@]}"
}

checks=$("$tool" --list-checks | sed -nE 's/^ +//p')
alone=$(grep -E "$main_file_matters" <<< "$checks" | paste -s -d ,)
together=$(grep -vE "$main_file_matters" <<< "$checks" | paste -s -d ,)
export tool compiler alone together
export -f look look_alone look_fully look_together clashing_lines
mkdir -p build
tasks "$@" > build/lint_tasks
# shellcheck disable=SC2016  # the inner shell expands these
xargs -0 -n 2 -P "$(nproc)" bash -c '"$1" "$2"' lint < build/lint_tasks
echo "$(tr '\0' '\n' < build/lint_tasks | grep -cE '^look_(alone|fully)$') files are clean"
