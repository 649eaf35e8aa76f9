"""Runs the parts and prints one table. Started by benches/peers.sh."""

import argparse
import os
import platform
import signal
import sys

import muxes
import parts


def main():
    # Ended from outside, it still ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended before the end"))
    parser = argparse.ArgumentParser(prog="benches/peers.sh", description="Antiphon beside tmux and zellij.")
    parser.add_argument("parts", nargs="*", metavar="PART", help="one or more of: " + ", ".join(parts.PARTS))
    parser.add_argument("--quick", action="store_true", help="smaller sizes: an impression, not a measurement")
    parser.add_argument("--only", metavar="NAMES", help="programs, such as antiphon,tmux")
    parser.add_argument("--megabytes", type=int, help="output of each kind (100)")
    parser.add_argument("--rounds", type=int, help="runs of each kind, of which the best counts (3)")
    parser.add_argument("--keys", type=int, help="keys pressed (500)")
    parser.add_argument("--idle", type=float, help="seconds of doing nothing (60)")
    parser.add_argument("--panes", type=int, help="panes over which memory is averaged (10)")
    parser.add_argument("--attaches", type=int, help="attaches, of which the median counts (15)")
    parser.add_argument("--favour", action="store_true", help="put what is measured before the rest of a busy machine (root)")
    options = parser.parse_args()
    full = dict(megabytes=100, rounds=3, keys=500, idle=60.0, panes=10, attaches=15)
    quick = dict(megabytes=20, rounds=1, keys=100, idle=10.0, panes=5, attaches=5)
    for name, value in (quick if options.quick else full).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    for part in options.parts:
        if part not in parts.PARTS:
            sys.exit(f"there is no part {part}; there are: {', '.join(parts.PARTS)}")
    there = muxes.all_there()
    if options.only:
        wanted = options.only.split(",")
        there = [mux for mux in there if mux.name in wanted]
    rows = []
    for name, part in parts.PARTS.items():
        if not options.parts or name in options.parts:
            print(f"measuring: {name} …", file=sys.stderr, flush=True)
            rows += part(there, options)
    show(there, rows)


def show(there, rows):
    columns = ["bare reader"] + [mux.name for mux in there]
    versions = {mux.name: mux.version() for mux in there}
    heads = [""] + [f"{name} {versions.get(name, '')}".strip() for name in columns]
    table = [heads] + [[what] + [figures.get(name, "") for name in columns] for what, figures in rows]
    widths = [max(len(row[at]) for row in table) for at in range(len(heads))]
    for number, row in enumerate(table):
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("| " + " | ".join(cells) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print(f"\n{platform.system()} {platform.release()}, {os.cpu_count()} cores")


main()
