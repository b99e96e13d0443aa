#!/usr/bin/env bash
# Usage: install_test.sh CMAKE BUILD_FOLDER CONSUMER_SOURCE. Installs the build, moves the installation elsewhere (it must
# not know where it was made), looks at every part of it, and builds and runs the consumer against it.
set -euo pipefail
cmake=$1 build=$2 consumer=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

"$cmake" --install "$build" --prefix "$work/first" > "$work/install.log"
mv "$work/first" "$work/moved"
prefix=$work/moved

programs=(tare tare-apply tare-fit tare-harmonise tare-harmonize tare-info tare-merge tare-moments tare-simulate)
for program in "${programs[@]}"; do
    version=$("$prefix/bin/$program" --version) || fail "$program --version exits $?"
    [[ $version =~ ^tare[a-z-]*\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "$program --version prints '$version'"
    [[ -e $prefix/share/bash-completion/completions/$program ]] || fail "no completion for $program"
    [[ $program == tare ]] && continue
    page=$prefix/share/man/man1/$program.1
    grep -q '^\.TH' "$page" || fail "$page is no man page"
done
[[ $(readlink "$prefix/bin/tare-harmonize") == tare-harmonise ]] || fail "tare-harmonize is no link to tare-harmonise"

# A shell that loads the completion offers the options of a program.
offered=$(bash -c "source '$prefix/share/bash-completion/completions/tare-fit'
    complete -p tare-fit tare-harmonize tare") || fail "the completion does not register the programs"
[[ $offered == *tare-fit* && $offered == *tare-harmonize* ]] || fail "completion registers only: $offered"

"$cmake" -S "$consumer" -B "$work/consumer" -DCMAKE_PREFIX_PATH="$prefix" > "$work/configure.log" \
    || { cat "$work/configure.log"; fail "find_package(tare) or its configuration"; }
"$cmake" --build "$work/consumer" > "$work/build.log" || { cat "$work/build.log"; fail "building the consumer"; }
found=$(grep '^tare_DIR:' "$work/consumer/CMakeCache.txt")
[[ $found == *"$prefix/"* ]] || fail "the consumer found another installation: $found"
"$work/consumer/consumer" || fail "the consumer exits $?"
