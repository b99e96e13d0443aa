#!/usr/bin/env bash
# Usage: bids_test.sh PROGRAMS SOURCE_FOLDER. Harmonised images in BIDS folders, as bids-validator sees them: no errors, and
# no warnings but those that only the user's own knowledge can silence. What the user adds to the sources silences these.
set -euo pipefail
programs=$1 environment=$2/.scratch/venv/bin
validator=$environment/bids-validator-deno
[[ -x $validator ]] || { echo "SKIPPED: no bids-validator-deno; scripts/scratch_env.sh installs it"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# The validator brings its schema along: it asks no server, and keeps its cache here.
export DENO_DIR=$work/deno DENO_NO_UPDATE_CHECK=1
fail() { echo "FAILED: $*" >&2; exit 1; }

# What the validator finds in a folder: one line per kind, with the number of places.
findings() {
    "$validator" --format json "$1" > report.json 2> report.log || [[ -s report.json ]] || { cat report.log >&2; fail "no report"; }
    "$environment/python" - << 'PYTHON'
import collections, json
report = json.load(open("report.json"))
assert report["summary"]["subjects"], "the validator saw no subjects"
kinds = collections.Counter((i["severity"], i["code"], i.get("subCode") or "-") for i in report["issues"]["issues"])
for kind, places in sorted(kinds.items()):
    print(*kind, places)
PYTHON
}
expect() {
    local found
    found=$(findings "$1")
    [[ $found == "$2" ]] || fail "in $1 the validator finds"$'\n'"$found"$'\n'"and not"$'\n'"$2"
}

name='{participant_id}/anat/{participant_id}_T1w.nii.gz'
derived='{participant_id}/anat/{participant_id}_space-MNI152NLin2009cAsym_desc-harmonised_T1w.nii.gz'
"$programs/tare-simulate" --images "raw/$name" --shape 14,16,14 --voxel-size 14 --sites 2 --subjects 6 --seed 3 \
    --output people.tsv --quiet
sources=(--images "raw/$name" --participants people.tsv --quiet)
"$programs/tare-harmonise" "${sources[@]}" --covariates age --model model --output-images "derivatives/$derived"
"$programs/tare-apply" "${sources[@]}" --model model --output-images "applied/$derived"

# Who the authors are, and which file the template is, no program can know.
unknown='warning SIDECAR_KEY_RECOMMENDED SpatialReference 6
warning TOO_FEW_AUTHORS - 1'
expect derivatives "$unknown"
expect applied "$unknown"
cmp derivatives/dataset_description.json applied/dataset_description.json
cmp derivatives/README.md applied/README.md

# The validator does find what is wrong.
cp -r derivatives broken
rm broken/dataset_description.json
findings broken > found
grep -q '^error MISSING_DATASET_DESCRIPTION' found || fail "a folder without description passes"

# A model is no part of BIDS: in code/ it is not looked at.
mkdir derivatives/code
cp -r model derivatives/code/model
expect derivatives "$unknown"
cp -r model applied/model
findings applied | grep -q '^error NOT_INCLUDED' || fail "a model in the midst of a dataset passes; the documentation says otherwise"

# Sources say what they are; the description and the README are the user's and stay.
for source in raw/*/anat/*.json; do
    "$environment/python" - "$source" << 'PYTHON'
import json, sys
told = json.load(open(sys.argv[1]))
told.update(SkullStripped=True, SpatialReference="https://example.org/tpl-MNI152NLin2009cAsym_res-02_T1w.nii.gz")
json.dump(told, open(sys.argv[1], "w"))
PYTHON
done
mkdir complete
sed 's/"DatasetType"/"Authors": ["A. Author", "B. Author"],\n  &/' derivatives/dataset_description.json > complete/dataset_description.json
{ cat derivatives/README.md; echo "Edited."; } > complete/README
cp -r complete before
"$programs/tare-apply" "${sources[@]}" --model model --output-images "complete/$derived"
cmp before/dataset_description.json complete/dataset_description.json
cmp before/README complete/README
[[ ! -e complete/README.md ]] || fail "a second README"
expect complete ""

# Other programs find their way: from a result to its source, and into the image.
"$environment/python" - << 'PYTHON'
import json, os
import nibabel
description = json.load(open("complete/dataset_description.json"))
assert description["SourceDatasets"] == [{"URL": "../raw"}], description
assert description["GeneratedBy"][0]["Name"] == "tare" and description["GeneratedBy"][0]["Version"]
for n in range(1, 7):
    stem = f"complete/sub-{n:02}/anat/sub-{n:02}_space-MNI152NLin2009cAsym_desc-harmonised_T1w"
    told = json.load(open(stem + ".json"))
    assert told["SkullStripped"] is True, told
    (uri,) = told["Sources"]
    scheme, dataset, inside = uri.split(":")
    source = os.path.join("complete", description["DatasetLinks"][dataset], inside)
    assert scheme == "bids" and os.path.samefile(source, told["inputs"][0]["path"]), uri
    image = nibabel.load(stem + ".nii.gz")
    assert image.shape == nibabel.load(source).shape and (image.affine == nibabel.load(source).affine).all()
PYTHON
echo "no errors; warnings: authors and template, which the user adds"
