#!/usr/bin/env bash
# Usage: shellcheck_test.sh SOURCE_FOLDER. Every shell script of the project, at the level of warnings.
set -euo pipefail
cd "$1"
command -v shellcheck > /dev/null || { echo "SKIPPED: shellcheck is not installed"; exit 0; }
mapfile -t files < <(find scripts tests .ci -name '*.sh' -o -path .ci/run | sort)
[[ ${#files[@]} -ge 8 ]] || { echo "only ${#files[@]} scripts found"; exit 1; }
shellcheck --external-sources --severity=warning "${files[@]}"
echo "${#files[@]} scripts are clean"
