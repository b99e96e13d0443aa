#!/usr/bin/env bash
# Every test there is: format, g++ build and tests, clang build and tests under address and undefined-behaviour
# sanitizers, the quickstart, lint. Installs what is missing first. Exits non-zero when any stage fails; the others still run.
# Usage: test.sh [--quick]   (--quick: only the g++ build and its tests)
set -uo pipefail
cd "$(dirname "$0")/.." || exit
exec < /dev/null

quick=false
case ${1:-} in
    "") ;;
    --quick) quick=true ;;
    *) echo "test.sh: unknown option '$1' (known: --quick)" >&2; exit 64 ;;
esac

summary=()
failed=0

# stage NAME COMMAND...: runs one stage, says how long it took, remembers how it ended.
stage() {
    local name=$1 began=$SECONDS verdict=passed
    shift
    echo "== $name"
    "$@" || { verdict=FAILED; failed=1; }
    summary+=("$(printf '%-40s %s (%d s)' "$name" "$verdict" $((SECONDS - began)))")
    echo "== $name: $verdict ($((SECONDS - began)) s)"
    [[ $verdict == passed ]]
}

skip() { summary+=("$(printf '%-40s skipped: %s' "$1" "$2")"); }

# A build that succeeds is quiet; one that fails shows its end.
build() {
    local log=build/$1.log
    mkdir -p build
    { cmake --preset "$1" && cmake --build --preset "$1" --parallel; } > "$log" 2>&1 || { tail -n 60 "$log"; return 1; }
}

# Shows what did not pass, and ctest's closing lines; build/PRESET.ctest.log has the rest.
run_tests() {
    ctest --preset "$1" --parallel "$(nproc)" 2>&1 | tee "build/$1.ctest.log" |
        grep -vE '^ *Start +[0-9]+: |(Passed|\*\*\*Skipped) +[0-9.]+ sec'
}

build_and_test() {
    if stage "build $1" build "$1"; then
        stage "test $1" run_tests "$1"
    else
        skip "test $1" "its build failed"
    fi
}

# The reasons that skipped tests printed, and ctest's closing line, of each preset that was run.
closing_lines() {
    local preset log reasons
    for preset in dev asan-ubsan; do
        log=build/$preset.ctest.log
        [[ -f $log ]] || continue
        echo "-- $preset"
        reasons=$(grep -ahoE 'SKIPPED: .*' "build/$preset/Testing/Temporary/LastTest.log" | sort | uniq -c)
        [[ -n $reasons ]] && echo "$reasons"
        grep -aE '^[0-9]+% tests passed' "$log"
    done
}

rm -f build/*.ctest.log
stage "packages" scripts/install_deps.sh --tests || exit 1
scripts/cuda_toolkit.sh || skip "CUDA kernels" "no CUDA compiler, and none could be fetched"
$quick || stage "format" scripts/format.sh --check
build_and_test dev
if $quick; then
    skip "format, sanitizers, quickstart, lint" "--quick"
else
    build_and_test asan-ubsan
    stage "quickstart" scripts/quickstart.sh
    stage "lint" scripts/lint.sh
fi

echo
printf '%s\n' "${summary[@]}"
closing_lines
exit $failed
