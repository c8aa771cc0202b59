#!/usr/bin/env bash
# Installs what the comparison can use beyond the .NET SDK: install.sh [--opencv] [--gtk] [--node]
#   --opencv  Debian's python3-opencv, for (a)
#   --gtk     libgtk-3-0, which the native library of OpenCvSharp needs on Linux, for (c)
#   --node    the npm packages of node/package.json, for (d); about half a gigabyte, in node/node_modules
# What is absent is skipped in the table, with the reason.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { sed -n '2,6s/^# *//p' "$0" >&2; exit 2; }
for part in "$@"; do
  case "$part" in
    --opencv) apt-get install -y --no-install-recommends python3-opencv ;;
    --gtk) apt-get install -y --no-install-recommends libgtk-3-0 ;;
    --node) (cd "$here/node" && npm install --ignore-scripts --no-audit --no-fund) ;;
    *) echo "$part is not known" >&2; exit 2 ;;
  esac
done
