#!/bin/sh
# The main job on real input: check this project's archive, then import and mend another one that is
# made here, with the mistakes that people make.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_AUTHOR_NAME=Demo GIT_AUTHOR_EMAIL=demo@archivist.example
export GIT_COMMITTER_NAME=Demo GIT_COMMITTER_EMAIL=demo@archivist.example
export GIT_CONFIG_GLOBAL=/dev/null

say() { printf '\n\033[1m# %s\033[0m\n' "$1"; }
show() { printf '\033[2m$ %s\033[0m\n' "$*"; "$@" || printf '\033[2m(exit code %s)\033[0m\n' $?; }

say "1. The archive of this project"
cd "$root"
show archivist check

say "2. Another archive, with its history: three commits of somebody else"
mkdir "$work/theirs" && cd "$work/theirs"
git init -q -b main
cp "$root/demo/archive/README.md" "$root/demo/archive/fernweh-festival-2021.md" .
git add . && git commit -qm "Add the Fernweh festival's code of conduct"
cp "$root/demo/archive/quay-meetup.md" . && git add . && git commit -qm "Add the Quay meetup's"
cp "$root/demo/archive/node-night-1.md" . && git add . && git commit -qm "Add Node Night's"
git log --oneline

say "3. It comes into an archive of our own"
show archivist init --quiet "$work/ours"
cd "$work/ours"
git add . && git commit -qm "Begin the archive"
show archivist import "$work/theirs"
git log --format='%h %an: %s'

say "4. What is wrong with it"
show archivist check

say "5. What can be mended without judgement"
show archivist check --fix --dry-run --quiet
show archivist check --fix

say "6. The rest: a stub for a parent that is not archived, a date that does not exist"
show archivist new --layout source "Harbour Guild" --url https://harbour.example/conduct
show archivist rule D301
sed -i.bak 's/^date archived: Feb 30, 2022$/date archived: Feb 28, 2022/' entries/quay-meetup.md
rm entries/quay-meetup.md.bak

say "7. Clean"
archivist check
