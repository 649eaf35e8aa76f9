"""What is measured. Each part gives rows: what, then a figure for each program."""

import os
import random
import select
import statistics
import tempfile
import time

import payloads
from client import Client, environment
from muxes import favour

MARK = "ЖДЩЖДЩ".encode()
# Keys whose echo is waited for in vain, each for two seconds, before no more are pressed.
MOST_MISSED = 10
# Keys that nothing else on the screen holds.
KEYS = "абвгдеёзийклмнопрстуфхцчшъыьэюя"


def throughput(muxes, options):
    """The time from the first byte of output to a mark behind the last one on the screen of the client."""
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        files = payloads.make(folder, options.megabytes * 1_000_000)
        figures = {kind: {name: [] for name in ["bare reader"] + [m.name for m in muxes]} for kind in files}
        for _ in range(options.rounds):
            for kind, path in files.items():
                megabytes = os.path.getsize(path) / 1e6
                figures[kind]["bare reader"].append(megabytes / bare(folder, path, options))
                for mux in muxes:
                    figures[kind][mux.name].append(megabytes / through(mux, folder, path, options))
    rows = []
    for kind, by_name in figures.items():
        best = {name: max(values) for name, values in by_name.items()}
        rows.append((f"throughput, {kind}, MB/s", {name: f"{value:.0f}" for name, value in best.items()}))
    return rows


def program(folder, path):
    """Waits for a word through a pipe, writes the file, then clears and writes the mark."""
    pipe = os.path.join(folder, f"start-{random.randrange(10**9)}")
    os.mkfifo(pipe)
    mark = "".join(f"\\{byte:03o}" for byte in MARK)
    return pipe, ["/bin/sh", "-c", f'read go < {pipe}; cat {path}; printf "\\033[0m\\033[2J\\033[H{mark}"; exec cat']


def bare(folder, path, options):
    pipe, command = program(folder, path)
    client = Client(command, environment())
    if options.favour:
        favour(os.getpid())
    with open(pipe, "w") as start:
        begun = time.perf_counter()
        start.write("go\n")
    took = client.until(MARK, 300) - begun
    client.close()
    return took


def through(kind_of_mux, folder, path, options):
    with kind_of_mux() as mux:
        pipe, command = program(folder, path)
        mux.start([command])
        client = mux.attach()
        mux.ready(client)
        if options.favour:
            favour(os.getpid(), mux.server())
        with open(pipe, "w") as start:
            begun = time.perf_counter()
            start.write("go\n")
        took = client.until(MARK, 300) - begun
        client.close()
        return took


def echo(muxes, options):
    """From a key written to the client's terminal until its echo is read there, in a quiet pane and beside floods."""
    rows = []
    flood = ["/bin/sh", "-c", "exec yes 0123456789012345678901234567890123456789012345678901234567890123456789"]
    for what, floods in (("quiet", 0), ("8 flooding panes", 8)):
        figures = {}
        if not floods:
            client = Client(["cat"], environment())
            client.quiet()
            if options.favour:
                favour(os.getpid())
            figures["bare reader"] = keys(client, options.keys)
            client.close()
        for kind in muxes:
            with kind() as mux:
                mux.start([["cat"]] + [flood] * floods)
                client = mux.attach()
                mux.ready(client)
                if options.favour:
                    favour(os.getpid(), mux.server())
                if floods:
                    drain(client, 2.0)
                figures[kind.name] = keys(client, options.keys)
                client.close()
        shown = {name: "%.2f / %.2f" % percentiles(values) for name, values in figures.items()}
        rows.append((f"key to echo, {what}, p50 / p99 ms", shown))
    return rows


def percentiles(values):
    values = sorted(values)
    at = lambda share: values[min(len(values) - 1, int(len(values) * share))] * 1000
    return at(0.5), at(0.99)


def drain(client, span):
    end = time.perf_counter() + span
    while time.perf_counter() < end:
        client.read(0.05)


def keys(client, count):
    rng = random.Random(1)
    times = []
    for number in range(count):
        drain(client, rng.uniform(0.02, 0.06))
        if number and number % 20 == 0:
            # Ends the line, so that it neither wraps nor fills.
            client.write(b"\r")
            drain(client, 0.1)
        key = KEYS[number % len(KEYS)].encode()
        begun = time.perf_counter()
        client.write(key)
        try:
            times.append(client.until(key, 2.0) - begun)
        except TimeoutError:
            times.append(2.0)
            if times.count(2.0) == MOST_MISSED:
                break
    return times


def ticks(pids):
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


# Draws what an agent's prompt looks like, asks for the modes that one asks for, and waits.
AGENT = (
    "printf '\\033[?2004h\\033[?1004h\\033]0;claude\\007\\033[1mWelcome\\033[0m\\r\\n\\033[2m────────────\\033[0m\\r\\n> '; "
    "stty raw -echo; exec cat >/dev/null"
)


def idle(muxes, options):
    """CPU of server and client with 30 panes in which a program has drawn a prompt and waits."""
    figures = {}
    for kind in muxes:
        with kind() as mux:
            mux.start([["/bin/sh", "-c", AGENT]] * 30)
            client = mux.attach()
            mux.ready(client)
            drain(client, 3.0)
            pids = [mux.server(), client.pid]
            before = ticks(pids)
            drain(client, options.idle)
            share = (ticks(pids) - before) / os.sysconf("SC_CLK_TCK") / options.idle * 100
            figures[kind.name] = f"{share:.2f}"
            client.close()
    return [(f"idle CPU of 30 panes over {options.idle:.0f} s, %", figures)]


def resident(pid):
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) / 1024


def memory(muxes, options):
    """What the server's memory grows by for each further pane with 2,000 full lines above its screen."""
    figures = {}
    filled = "awk 'BEGIN { for (n = 0; n < 2100; n++) { s = n; while (length(s) < 200) s = s \" word\" n; print substr(s, 1, %d) } }'; exec cat"
    for kind in muxes:
        sizes = []
        for count in (1, 1 + options.panes):
            with kind() as mux:
                # Every pane as wide as the first, whatever stands beside it: lines fit the narrowest.
                mux.start([["/bin/sh", "-c", filled % 55]] * count)
                time.sleep(1.5 + count * 0.1)
                client = mux.attach()
                mux.ready(client)
                client.close()
                time.sleep(0.5)
                sizes.append(resident(mux.server()))
        figures[kind.name] = f"{(sizes[1] - sizes[0]) / options.panes:.2f}"
    return [("memory per pane, 2,000 lines of 55 cells, MiB", figures)]


def attach(muxes, options):
    """From the start of a client until the visible pane's last line is on its screen, with 20 panes."""
    figures = {}
    mark = "".join(f"\\{byte:03o}" for byte in MARK)
    for kind in muxes:
        with kind() as mux:
            mux.start([["/bin/sh", "-c", f"seq 1000; printf '{mark}'; exec cat"]] * 20)
            client = mux.attach()
            client.until(MARK, 20)
            mux.ready(client)
            client.close()
            times = []
            for _ in range(options.attaches):
                time.sleep(0.2)
                if options.favour:
                    favour(os.getpid(), mux.server())
                client = mux.attach()
                times.append(client.until(MARK, 20) - client.begun)
                client.close()
            figures[kind.name] = f"{statistics.median(times) * 1000:.0f}"
    return [("attach with 20 panes, first full frame, ms", figures)]


PARTS = {"throughput": throughput, "echo": echo, "idle": idle, "memory": memory, "attach": attach}
