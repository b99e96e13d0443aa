#!/usr/bin/env bash
# Usage: slurm_test.sh SOURCE_FOLDER PROGRAM_FOLDER. Images harmonised by the array job on a real Slurm of one node, beside
# the same steps under xargs and beside one run on everything.
set -uo pipefail
source_folder=$1
export PATH=$2:$PATH
for program in munged slurmctld slurmd sbatch; do
    PATH=$PATH:/usr/sbin:/sbin command -v "$program" > /dev/null || { echo "SKIPPED: $program is not installed"; exit 0; }
done

folder=$(mktemp -d /tmp/tare-slurm.XXXXXX)
# munge wants a socket that everyone can reach.
chmod 755 "$folder"
cluster=$source_folder/tests/workflow/slurm_cluster.sh
finish() {
    "$cluster" stop "$folder/cluster"
    rm -rf "$folder"
}
trap finish EXIT
failed=0
check() { "${@:2}" || { echo "FAILED: $1"; failed=1; }; }
fail() { echo "FAILED: $1"; cat "$folder"/study/work/logs/*.log 2> /dev/null; exit 1; }

why=$("$cluster" start "$folder/cluster") || { echo "SKIPPED: ${why:-Slurm does not start}"; exit 0; }
export SLURM_CONF=$folder/cluster/slurm.conf
mkdir "$folder/study"
cd "$folder/study" || exit 1
tare-simulate --quiet --images 'raw data/{participant_id}.nii.gz' --shape 16,18,16 --voxel-size 10 --subjects 12 --sites 2 \
    --seed 3 --output people.tsv --truth truth || fail "simulate"

array_job() {
    "$source_folder/scripts/slurm/harmonise_images.sh" --images 'raw data/{participant_id}.nii.gz' --participants people.tsv \
        --mask truth/mask.nii.gz --covariates age --output-images 'slurm/{participant_id}.nii.gz' --work work --shards 3 --wait
}
array_job || fail "the array job"
check "one image for each person" [ "$(find slurm -name '*.nii.gz' | wc -l)" -eq 12 ]

# The same steps without a scheduler.
seq 3 | xargs -P 2 -I K tare-moments --quiet --images 'raw data/{participant_id}.nii.gz' --participants people.tsv \
    --mask truth/mask.nii.gz --covariates age --shard K/3 --output part_K 2> /dev/null || fail "moments under xargs"
tare-merge --quiet part_1 part_2 part_3 --output whole && tare-fit --quiet --moments whole --model model || fail "merge and fit"
seq 3 | xargs -P 2 -I K tare-apply --quiet --model model --images 'raw data/{participant_id}.nii.gz' \
    --participants people.tsv --output-images 'xargs/{participant_id}.nii.gz' --shard K/3 || fail "apply under xargs"
for image in slurm/*.nii.gz; do
    check "$image is what xargs gives" cmp "$image" "xargs/${image#slurm/}"
done

# One run on everything: equal but for the rounding of merged sums.
tare-harmonise --quiet --images 'raw data/{participant_id}.nii.gz' --participants people.tsv --mask truth/mask.nii.gz \
    --covariates age --output-images 'one/{participant_id}.nii.gz' || fail "harmonise"
ranges() { tare-info --format json "$1"/*.nii.gz | grep -E '"(low|high|range)"' | head -200; }
check "ranges are told" [ -n "$(ranges one)" ]
check "ranges as in one run" diff <(ranges slurm | cut -c 1-18) <(ranges one | cut -c 1-18)

# Again: everything is there and stays.
before=$(find slurm work/model work/moments_* -type f -printf '%p %T@ %i\n' | sort)
array_job > /dev/null || fail "the array job, again"
after=$(find slurm work/model work/moments_* -type f -printf '%p %T@ %i\n' | sort)
check "a second run leaves what is done" [ "$before" == "$after" ]
rm slurm/sub-05.nii.gz
array_job > /dev/null || fail "the array job, for one image"
check "a lost image comes back" cmp slurm/sub-05.nii.gz xargs/sub-05.nii.gz
[ $failed -eq 0 ] && echo "12 images: Slurm, xargs and one run agree"
exit $failed
