#!/bin/sh
# Builds the tests of one or more presets and runs them all in one ctest run, so that its closing lines speak for everything.
# usage: test.sh [-j JOBS] [-R REGEX] PRESET[:short] ...
#   PRESET:short  only what runs many threads or owns memory by hand (the folders below): the libraries and those tests are
#                 all that is built
set -eu
cd "$(dirname "$0")/.."
short_folders="gc;runtime;stress"

jobs=2
filter=
while getopts j:R: option; do
  case $option in
    j) jobs=$OPTARG ;;
    R) filter=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || { echo "usage: test.sh [-j JOBS] [-R REGEX] PRESET[:short] ..." >&2; exit 2; }

mkdir -p build/test
: > build/test/CTestTestfile.cmake
for run in "$@"; do
  preset=${run%:short}
  folders=
  target=all
  if [ "$run" != "$preset" ]; then
    folders=$short_folders
    target=moult_tests
  fi
  cmake --preset "$preset" "-DMOULT_TEST_FOLDERS=$folders"
  cmake --build --preset "$preset" --target "$target"
  # Only the tests' folder: an absolute path is what ctest's subdirs() resolves from anywhere.
  echo "subdirs(\"$PWD/build/$preset\")" >> build/test/CTestTestfile.cmake
done

set -- --test-dir build/test --parallel "$jobs" --output-on-failure --no-tests=error
[ -z "$filter" ] || set -- "$@" -R "$filter"
exec ctest "$@"
