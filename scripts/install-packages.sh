#!/bin/sh
# Installs the Debian packages that are missing, and does nothing when none is.
# usage: install-packages.sh [PACKAGE...]    those of scripts/packages.txt, or these
set -eu
here=$(cd "$(dirname "$0")" && pwd)
packages=${*:-$(sed 's/#.*//' "$here/packages.txt" | tr -s ' \n' ' ')}

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
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >>"$log" 2>&1; }
# Package lists may be absent or stale: refresh them only when the first try fails.
apt install --no-install-recommends $missing ||
  { apt update || true; apt install --no-install-recommends $missing; } ||
  { tail -n 20 "$log" >&2; echo "install-packages: apt-get failed; its last lines are above" >&2; exit 1; }
