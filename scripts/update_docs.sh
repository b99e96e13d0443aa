#!/usr/bin/env bash
# Writes docs/commands/*.md anew from what the commands print of themselves.
# Usage: update_docs.sh [FOLDER]   (FOLDER: where the programs lie; build/dev/bin if not given)
set -euo pipefail
cd "$(dirname "$0")/.."

programs=${1:-build/dev/bin}
pages=docs/commands
[[ -x $programs/tare ]] || { echo "update_docs.sh: no programs in '$programs': build them, or name their folder" >&2; exit 66; }

mkdir -p "$pages"
rm -f "$pages"/tare-*.md
for program in "$programs"/tare-*; do
    # A link is another name of a command.
    [[ -L $program ]] || "$program" --help=markdown > "$pages/$(basename "$program").md"
done
