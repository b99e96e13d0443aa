#!/usr/bin/env bash
# Usage: install_deps_test.sh SOURCE_FOLDER. Runs the installer against a dpkg-query, apt-get, id and sudo of its own
# and reads what it would have installed, and as whom.
set -euo pipefail
script=$1/scripts/install_deps.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

stub() { printf '#!/bin/bash\n%s\n' "$2" > "$work/bin/$1"; chmod +x "$work/bin/$1"; }
mkdir "$work/bin"
for tool in bash env; do ln -s "$(command -v $tool)" "$work/bin/$tool"; done
# Installed is what stands in the file; the package is the last argument.
stub dpkg-query "[[ \" \$(< '$work/installed') \" == *\" \${!#} \"* ]] && echo -n installed"
stub apt-get "echo \"apt-get \$*\" >> '$work/calls'"
stub sudo "echo sudo >> '$work/calls'; \"\$@\""
stub id "echo \"\$(< '$work/uid')\""

# run UID OPTION...: the calls that the installer made.
run() {
    echo "$1" > "$work/uid"
    shift
    : > "$work/calls"
    PATH=$work/bin "$work/bin/bash" "$script" "$@" > "$work/output" 2>&1
}

: > "$work/installed"
run 0 --list
everything=$(tr '\n' ' ' < "$work/output")
[[ $everything == *"g++ "* && $everything == *libdeflate-dev* ]] || fail "--list prints: $everything"
[[ $everything != *catch2* ]] || fail "--list without --tests names a test package"
run 0 --tests --list
all_with_tests=$(tr '\n' ' ' < "$work/output")
[[ $all_with_tests == "$everything"*catch2* ]] || fail "--tests --list prints: $all_with_tests"

echo "$everything" > "$work/installed"
run 0
[[ ! -s $work/calls && ! -s $work/output ]] || fail "with everything there, it still did: $(cat "$work/calls" "$work/output")"

echo "${everything/cmake /}" > "$work/installed"
run 0
grep -qE '^apt-get install .* cmake$' "$work/calls" || fail "cmake missing, and it did: $(cat "$work/calls")"
! grep -q sudo "$work/calls" || fail "root called sudo"
run 1000
[[ $(grep -c sudo "$work/calls") -eq $(grep -c apt-get "$work/calls") ]] || fail "not root, and: $(cat "$work/calls")"

rm "$work/bin/sudo"
if run 1000; then fail "neither root nor sudo, and it succeeded"; fi
grep -q 'nor sudo.*: cmake$' "$work/output" || fail "neither root nor sudo, and it says: $(cat "$work/output")"
if run 0 --wrong; then fail "an unknown option was taken"; fi
