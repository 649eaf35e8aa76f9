#!/bin/sh
# Antiphon beside tmux and zellij, in one run on one machine: throughput, key to echo, idle CPU, memory, attach.
#
#   benches/peers.sh                    everything, about fifteen minutes
#   benches/peers.sh --quick            smaller sizes: an impression, not a measurement
#   benches/peers.sh throughput echo    parts only: throughput, echo, idle, memory, attach
#
# Needs Python 3 and a release build, which it makes; tmux from the system's packages; zellij when it is on the PATH.
# Further options: benches/peers.sh --help
set -eu
cd "$(dirname "$0")/.."
if [ -z "${PEERS_PROGRAM:-}" ]; then
    cargo build --release
    PEERS_PROGRAM="${CARGO_TARGET_DIR:-target}/release/antiphon"
fi
export PEERS_PROGRAM
exec python3 benches/peers/main.py "$@"
