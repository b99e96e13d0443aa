#!/usr/bin/env bash
# From a fresh Debian 12 machine to a harmonised table: installs what is missing, builds, harmonises the bundled cohort
# into ./quickstart/ and says what to look at. Usage: quickstart.sh
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

scripts/install_deps.sh
echo "building (the first time takes a few minutes)"
mkdir -p build
{ cmake --preset release && cmake --build --preset release; } > build/release.log 2>&1 \
    || { tail -n 40 build/release.log; exit 1; }

rm -rf quickstart
mkdir quickstart
run() { echo; echo "\$ $*"; "$@"; }
run build/release/bin/tare-harmonise --input testdata/cohort.tsv --covariates age,sex,diagnosis \
    --model quickstart/model.json --output quickstart/harmonised.tsv
run build/release/bin/tare-report --before testdata/cohort.tsv --after quickstart/harmonised.tsv \
    --model quickstart/model.json --output quickstart/report.html

feature=region03_thickness
site_means() {
    awk -F '\t' -v feature="$feature" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column[feature] != "n/a" { n[$column["site"]]++; sum[$column["site"]] += $column[feature] }
        END { for (site in n) printf "%s\t%d\t%.4g\n", site, n[site], sum[site] / n[site] }' "$1" | sort
}
echo
echo "The mean of $feature at each site, before and after:"
{
    printf 'site\tsubjects\tbefore\tafter\n'
    paste <(site_means testdata/cohort.tsv) <(site_means quickstart/harmonised.tsv | cut -f 3)
} | awk -F '\t' '{ printf "  %-12s %9s %12s %12s\n", $1, $2, $3, $4 }'
cat <<'END'

Look at:
  quickstart/harmonised.tsv       the same table: every measure adjusted for its site, age, sex and diagnosis effects kept
  quickstart/harmonised.tsv.json  how it was made: version, options, checksum of the input
  quickstart/report.html          what harmonising did, on one page: open it in a browser
  quickstart/model.json           the site effects, readable; `tare-apply --model` uses them on new people of these sites
Next: docs/tutorial.md takes five minutes; build/release/bin/tare lists every command.
END
