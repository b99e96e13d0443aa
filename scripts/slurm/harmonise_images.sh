#!/usr/bin/env bash
# Harmonises images on a Slurm cluster: N jobs each reduce a shard of the people to moments, one job merges them and fits
# the model, N jobs write the harmonised images. Give the same command again after a failure: what is whole is kept.
# The script hands itself and its own arguments to sbatch, which keeps every word as it is: no name is ever quoted twice.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: harmonise_images.sh --images PATTERN --participants FILE --output-images PATTERN --work FOLDER --shards N
           [OPTION...] [-- SBATCH_OPTION...]

Submits three jobs, each waiting for the one before it: an array of tare-moments, tare-merge with tare-fit, and an array
of tare-apply. The programs are taken from PATH. Patterns belong in single quotes.

  --images PATTERN          Images, as 'raw/{participant_id}.nii.gz'.
  --participants FILE       Table with one row per subject.
  --output-images PATTERN   Harmonised images, as 'harmonised/{participant_id}.nii.gz'.
  --work FOLDER             For moments_1 to moments_N, moments, model and logs. On a disk that all nodes see.
  --shards N                Tasks of each array.
  --covariates COLUMNS      Columns whose effects are kept.
  --mask FILE               Image that is not 0 in the voxels to harmonise.
  --moments-option=OPTION   One more option for tare-moments, as --moments-option=--site=scanner. May be repeated.
  --fit-option=OPTION       One more option for tare-fit, as --fit-option=--mask-threshold=100. May be repeated.
  --apply-option=OPTION     One more option for tare-apply, as --apply-option=--datatype=float64. May be repeated.
  --wait                    Return when all is done, with 0 only if all went well.
  --help                    Print this help.

What follows -- goes to sbatch for every job, as in -- --partition=short --cpus-per-task=4 --mem=8G. The programs use as
many threads and as much memory as the job is given. Without --cpus-per-task that is one CPU.
HELP
}

complain() { echo "harmonise_images.sh: error: $1" >&2; exit "$2"; }

images='' participants='' output_images='' work='' shards='' step=submit wait_for_it=false
moments_options=() fit_options=() apply_options=() sbatch_options=()
arguments=("$@")
while [[ $# -gt 0 ]]; do
    # --name=value is the same as --name value.
    if [[ $1 == --?*=* ]]; then
        set -- "${1%%=*}" "${1#*=}" "${@:2}"
    fi
    case $1 in
        --help) usage; exit 0 ;;
        --wait) wait_for_it=true; shift; continue ;;
        --) sbatch_options=("${@:2}"); break ;;
    esac
    [[ $# -ge 2 ]] || complain "'$1' is unknown or lacks its value; --help lists the options" 64
    case $1 in
        --images) images=$2 ;;
        --participants) participants=$2 ;;
        --output-images) output_images=$2 ;;
        --work) work=$2 ;;
        --shards) shards=$2 ;;
        --covariates | --mask) moments_options+=("$1=$2") ;;
        --moments-option) moments_options+=("$2") ;;
        --fit-option) fit_options+=("$2") ;;
        --apply-option) apply_options+=("$2") ;;
        --step) step=$2 ;;
        *) complain "unknown option '$1'; --help lists the options" 64 ;;
    esac
    shift 2
done
for needed in images participants output_images work shards; do
    [[ -n ${!needed} ]] || complain "--${needed//_/-} is missing; --help lists the options" 64
done
[[ $shards =~ ^[1-9][0-9]*$ ]] || complain "--shards '$shards' is no positive number" 64

whole() { tare-info --quiet "$@" > /dev/null 2>&1; }

# A shard of moments that is whole is kept: 'settings' vouches for how it was made.
moments() {
    local folder=$work/moments_$SLURM_ARRAY_TASK_ID
    if whole "$folder"; then
        echo "$folder is there"
        return
    fi
    tare-moments --images "$images" --participants "$participants" "${moments_options[@]}" \
        --shard "$SLURM_ARRAY_TASK_ID/$shards" --output "$folder" --force
}

fit() {
    local shard parts=() newer=false
    for ((shard = 1; shard <= shards; ++shard)); do
        parts+=("$work/moments_$shard")
        [[ ! $work/model/model.json -nt $work/moments_$shard/moments.json ]] || continue
        newer=true
    done
    if ! $newer && whole "$work/model"; then
        echo "$work/model is there"
        return
    fi
    tare-merge "${parts[@]}" --output "$work/moments" --force
    tare-fit --moments "$work/moments" "${fit_options[@]}" --model "$work/model" --force
}

apply() {
    tare-apply --model "$work/model" --images "$images" --participants "$participants" "${apply_options[@]}" \
        --output-images "$output_images" --shard "$SLURM_ARRAY_TASK_ID/$shards" --resume --training-subjects allow
}

# What the moments and the model depend on: a folder that was begun in another way is not mixed with this one.
settings() {
    local option
    printf '%s\n' "folder: $PWD" "images: $images" "participants: $participants" \
        "  with SHA-256 $(sha256sum < "$participants" | cut -d ' ' -f 1)" "shards: $shards"
    for option in "${moments_options[@]}"; do echo "moments: $option"; done
    for option in "${fit_options[@]}"; do echo "fit: $option"; done
}

check_settings() {
    local differences
    mkdir -p "$work/logs" || complain "the folder '$work' cannot be made" 73
    if [[ -e $work/settings ]]; then
        differences=$(settings | diff "$work/settings" -) && return
        echo "$differences" | grep '^[<>]' >&2
        complain "'$work' was begun in another way (< then, > now); choose another --work" 73
    fi
    settings > "$work/settings.new"
    mv "$work/settings.new" "$work/settings"
}

# submit_step STEP SBATCH_OPTION...: prints the number of the job. In a name of sbatch's, % begins a placeholder.
submit_step() {
    local name=$1 job log=%x_%A_%a.log
    shift
    [[ $name != fit ]] || log=%x_%j.log
    job=$(sbatch --parsable --job-name="tare-$name" --output="${work//%/%%}/logs/$log" --cpus-per-task=1 "$@" \
        "${sbatch_options[@]}" "${BASH_SOURCE[0]}" --step "$name" "${arguments[@]}") || exit
    echo "${job%%;*}"
}

submit() {
    local program moments_job fit_job apply_job last=()
    for program in sbatch tare-moments tare-merge tare-fit tare-apply tare-info; do
        command -v "$program" > /dev/null || complain "$program is not in PATH" 69
    done
    [[ -r $participants ]] || complain "$participants: there is no such file" 66
    check_settings
    moments_job=$(submit_step moments --array="1-$shards")
    fit_job=$(submit_step fit --dependency="afterok:$moments_job" --kill-on-invalid-dep=yes)
    printf '%s\n' "logs: $work/logs" "moments: job $moments_job, $shards tasks" "fit: job $fit_job"
    ! $wait_for_it || last=(--wait)
    apply_job=$(submit_step apply --array="1-$shards" --dependency="afterok:$fit_job" --kill-on-invalid-dep=yes "${last[@]}") \
        || complain "not everything was done; the logs are in $work/logs" 1
    echo "apply: job $apply_job, $shards tasks"
}

case $step in
    moments | fit | apply | submit) "$step" ;;
    *) complain "unknown step '$step'" 64 ;;
esac
