#!/bin/sh
# Shows policies being replaced while they decide: run.sh PATH_TO_MOULT
#
# `moult run --watch` decides a sample of messages, over and over, while this script saves three edited policies as an editor
# does: a new file, renamed over the old one. The third does not compile. Every step waits for the line that moult prints,
# never for a time.
set -eu

[ $# -eq 1 ] && [ -x "$1" ] || { echo "usage: $0 PATH_TO_MOULT" >&2; exit 2; }
moult=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
log=$work/log
pid=

finish() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

if [ -t 2 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m') clear=$(printf '\r\033[K'); else bold='' plain='' clear=''; fi
say() { printf '%s\n%s%s%s\n' "$clear" "$bold" "$1" "$plain" >&2; }

# wait_for PATTERN: until a line of the log matches. A minute is for machines that are slow beyond measure.
wait_for() {
  tries=600
  until grep -q "$1" "$log" 2>/dev/null; do
    kill -0 "$pid" 2>/dev/null || { echo "moult ended before it printed: $1" >&2; exit 1; }
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { echo "moult did not print in time: $1" >&2; exit 1; }
    sleep 0.1
  done
}

# Time to read, and for the bar to move. Nothing depends on it.
pause() { sleep 1; }

# edit SED_SCRIPT: saves the policy as an editor does.
edit() {
  sed "$1" "$work/policies/abuse.moult" > "$work/edited"
  mv "$work/edited" "$work/policies/abuse.moult"
}

mkdir "$work/policies"
cp "$here/abuse.moult" "$here/trusted_domains.txt" "$work/policies"
cd "$work"

say "A policy decides messages. Three of the sample, and what it says of them:"
grep -m 3 'win-big' "$here/requests.jsonl" > three.jsonl
while read -r line; do printf '  %.150s\n' "$line"; done < three.jsonl >&2
"$moult" run policies --input three.jsonl --quiet | sed 's/^/  -> /' >&2

say "Now the whole sample, over and over, on every processor. moult watches the policy's files:"
"$moult" run policies --input "$here/requests.jsonl" --repeat 1000000 --output /dev/null --watch --log "$log" &
pid=$!
wait_for '^published   version 1:'
pause

say "Save an edit: two links are enough for link_spam. Requests that run finish on the old code, new ones get the new:"
edit 's/size(links) >= 3/size(links) >= 2/'
wait_for '^published   version 2:'
wait_for '^reclaimed   version 1:'
pause
say "Nobody said that version 1 was done: the collector saw that no thread's stack refers to its code any more, and freed it.

Save another edit, a new rule:"
edit '$ a\
\
rule newcomer {\
  when user.age_days == 0\
  then review "joined today", tag "account"\
}'
wait_for '^published   version 3:'
wait_for '^reclaimed   version 2:'
pause

say "Save a broken edit. It is refused, and version 3 keeps serving:"
edit 's/user.age_days == 0/user.age == "none"/'
wait_for '^refused '
wait_for 'version 3 keeps serving'
pause

say "^C. What had been read is decided and written, then the summary: no request was lost, and one version is left."
kill -INT "$pid"
status=0
wait "$pid" || status=$?
pid=
[ "$status" -eq 130 ] || { echo "moult ended with $status" >&2; exit 1; }
