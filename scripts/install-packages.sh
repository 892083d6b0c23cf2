#!/bin/sh
# Installs the packages of scripts/packages.txt that are missing, and does nothing when none is.
# usage: install-packages.sh [--list]    --list prints the names of the packages, missing or not
set -eu
here=$(cd "$(dirname "$0")" && pwd)
packages=$(sed 's/#.*//' "$here/packages.txt" | tr -s ' \n' ' ')

if [ "${1:-}" = --list ]; then
  printf '%s\n' $packages
  exit 0
fi

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "install-packages: no dpkg here; continuing with what is installed. Needed (Debian names):$packages" >&2
  exit 0
fi

missing=
for package in $packages; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=
elif command -v sudo >/dev/null 2>&1; then
  as_root=sudo
else
  {
    echo "install-packages: these packages are missing, and installing them needs root or sudo:"
    echo "  apt-get install --no-install-recommends$missing"
  } >&2
  exit 1
fi
command -v apt-get >/dev/null 2>&1 || {
  echo "install-packages: no apt-get here; install these first:$missing" >&2
  exit 1
}

echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >>"$log" 2>&1; }
# Package lists may be absent or stale: refresh them only when the first try fails.
apt install --no-install-recommends $missing ||
  { apt update && apt install --no-install-recommends $missing; } ||
  { tail -n 20 "$log" >&2; echo "install-packages: apt-get failed; its last lines are above" >&2; exit 1; }
