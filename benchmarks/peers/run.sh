#!/usr/bin/env bash
# Compares FerSharp with its peers on the same frames and prints one table.
#   benchmarks/peers/run.sh SHARED_FOLDER [--photos DIR] [--sampling area|bilinear] [--rounds N] [--passes N] [--cold-mb N] [--clock wall|cpu]
# SHARED_FOLDER/models/peers holds yunet_n_320.onnx and mini_xception_48.onnx; a folder that holds the two files itself will do as well.
set -euo pipefail
if [ $# -lt 1 ] || [ ! -d "$1" ]; then
  sed -n '2,4s/^# *//p' "$0" >&2
  exit 2
fi

here=$(cd "$(dirname "$0")" && pwd)
models=$(cd "$1" && pwd)
[ -d "$models/models/peers" ] && models="$models/models/peers"
shift
dotnet build "$here/FerSharp.Peers" -c Release -v q --nologo >&2
exec dotnet "$here/FerSharp.Peers/bin/Release/net10.0/FerSharp.Peers.dll" run --repository "$here/../.." --models "$models" "$@"
