#!/usr/bin/env bash
# Usage: lint_test.sh SOURCE_FOLDER. Faults planted in a small tree are found in batches as in single files, each at its
# place, whatever the files have in common; and a tree without faults passes.
set -euo pipefail
source_folder=$1
command -v clang-tidy-19 > /dev/null || { echo "SKIPPED: clang-tidy-19 is not installed"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }

mkdir -p "$work"/{apps,build/dev,include/tare/a,scripts,src/a,src/b}
cp "$source_folder/.clang-tidy" "$work"
cp "$source_folder"/scripts/{lint,pinned}.sh "$work/scripts"
cd "$work"
cat > include/tare/a/shared.hpp <<'END'
#pragma once
namespace tare::a {
typedef int Old;
struct Name {};
int doubled(int value);
}  // namespace tare::a
END
cat > src/a/doubled.cpp <<'END'
#include "tare/a/shared.hpp"
#include "tare/a/shared.hpp"
namespace tare::a {
namespace {
const int least = 2;
int shift(const int* at, bool gone) {
    if (gone) at = nullptr;
    return *at;
}
}  // namespace
int doubled(int value) { return value + shift(&value, value > least); }
}  // namespace tare::a
END
# Its own name is one that another file has, and it uses nothing of what it names.
cat > src/a/same_name.cpp <<'END'
#include "tare/a/shared.hpp"
namespace tare::b {
namespace {
using a::Name;
int shift(int by) { return by > 1 ? by : by; }
}  // namespace
int moved(int by) { return shift(by); }
}  // namespace tare::b
END
# No name at the start of a line tells that this does not go with the first.
cat > src/b/apart.cpp <<'END'
#include "tare/a/shared.hpp"
namespace tare::a {
namespace { const int least = 1; }
Name* named(int by) { return by > least ? new Name : 0; }
}  // namespace tare::a
END
printf 'int main() {\n    int left;\n    return left;\n}\n' > apps/program.cpp
for file in src/a/doubled.cpp src/a/same_name.cpp src/b/apart.cpp apps/program.cpp; do
    printf '{"directory": "%s",\n  "command": "c++ -I%s/include -std=c++20 -DTEXT=\\\\\\"a\\\\\\" -o x.o -c %s",\n  "file": "%s"},\n' \
        "$work" "$work" "$work/$file" "$work/$file"
done | sed -e '1s/^/[/' -e '$s/,$/]/' > build/dev/compile_commands.json

findings() { grep -oE '(include|src|apps)/[^ ]+:[0-9]+:[0-9]+: error: .*' | sort -u; }
code=0
scripts/lint.sh > together 2>&1 || code=$?
[[ $code -ne 0 ]] || fail "lint.sh found nothing"
code=0
scripts/lint.sh src/*/*.cpp apps/program.cpp > alone 2>&1 || code=$?
[[ $code -ne 0 ]] || fail "lint.sh FILE... found nothing"
diff <(findings < alone) <(findings < together) || fail "batches and single files disagree"
for found in include/tare/a/shared.hpp:3:.*modernize-use-using src/a/doubled.cpp:2:.*readability-duplicate-include \
    src/a/doubled.cpp:8:.*core.NullDereference src/a/same_name.cpp:4:.*misc-unused-using-decls \
    src/a/same_name.cpp:5:.*bugprone-branch-clone src/b/apart.cpp:4:.*modernize-use-nullptr \
    apps/program.cpp:2:.*init-variables; do
    findings < together | grep -q "$found" || fail "not found: $found"
done
[[ $(cat build/lint/*.cpp | wc -l) -lt 3 ]] || fail "every file stood in a batch, so that none was set apart"

rm -r src/* apps/*
printf 'int main() { return 0; }\n' > apps/program.cpp
printf 'int one() { return 1; }\n' > src/one.cpp
sed -i -e 's#src/a/doubled#src/one#g' build/dev/compile_commands.json
[[ $(scripts/lint.sh) == "2 files are clean" ]] || fail "a tree without faults does not pass"
