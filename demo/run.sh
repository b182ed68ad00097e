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

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
else
  bold='' dim='' plain=''
fi
say() { printf '\n%s# %s%s\n' "$bold" "$1" "$plain"; }
show() { # a command as one would type it; then its exit code, if that is not 0
  printf '%s$ %s%s\n' "$dim" "$1" "$plain"
  sh -c "$1" || printf '%s(exit code %s)%s\n' "$dim" $? "$plain"
}

say "1. The archive of this project"
cd "$root"
show 'archivist check'

say "2. Another archive, with its history: three commits of somebody else"
mkdir "$work/theirs" && cd "$work/theirs"
git init -q -b main
cp "$root/demo/archive/README.md" "$root/demo/archive/fernweh-festival-2021.md" .
git add . && git commit -qm "Add the Fernweh festival's code of conduct"
cp "$root/demo/archive/quay-meetup.md" . && git add . && git commit -qm "Add the Quay meetup's"
cp "$root/demo/archive/node-night-1.md" . && git add . && git commit -qm "Add Node Night's"
show 'git log --oneline'

say "3. It comes into an archive of our own"
cd "$work"
show 'archivist init --quiet ours'
cd "$work/ours"
git add . && git commit -qm "Begin the archive"
show 'archivist import ../theirs'
show 'git log --oneline'

say "4. What is wrong with it"
show 'archivist check'

say "5. What can be mended without judgement"
show 'archivist check --fix --dry-run --quiet'
show 'archivist check --fix'

say "6. The rest: a stub for a parent that is not archived, a date that does not exist"
show 'archivist new --layout source "Harbour Guild" --url https://harbour.example/conduct'
show 'archivist rule D301'
show 'sed -i.bak "s/Feb 30, 2022/Feb 28, 2022/" entries/quay-meetup.md && rm entries/*.bak'

say "7. Clean"
show 'archivist check'
archivist check --quiet --strict >/dev/null # the demo fails if it is not
