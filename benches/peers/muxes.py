"""The programs that are compared: each starts panes, shows them, and is ended without a trace."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time

from client import COLS, ROWS, Client, environment

SHOWN = 4  # Panes side by side; further ones run unseen.


def run(command, env, **more):
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr or done.stdout}")
    return done.stdout


def descendants(pid):
    """A process and all below it."""
    found = [pid]
    for task in os.listdir("/proc"):
        if task.isdigit():
            try:
                with open(f"/proc/{task}/stat") as stat:
                    if int(stat.read().rsplit(")", 1)[1].split()[1]) == pid:
                        found += descendants(int(task))
            except (FileNotFoundError, ProcessLookupError):
                pass
    return found


def favour(*pids):
    """Puts processes and all below them before the rest of a busy machine (needs root); see --favour."""
    for pid in {below for pid in pids for below in descendants(pid)}:
        try:
            with open(f"/proc/{pid}/autogroup", "w") as file:
                file.write("-20")
        except OSError:
            pass


class Mux:
    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="peers-")
        self.prepare()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def prepare(self):
        pass

    def ready(self, client):
        """Waits until keys go to the pane."""
        client.quiet()


class Antiphon(Mux):
    name = "antiphon"
    program = os.path.abspath(os.environ.get("PEERS_PROGRAM", "target/release/antiphon"))

    @classmethod
    def version(cls):
        return run([cls.program, "--version"], environment()).split()[-1]

    def prepare(self):
        self.env = environment(ANTIPHON_HOME=self.home)
        os.makedirs(os.path.join(self.home, "config"), exist_ok=True)
        run([self.program, "engine", "start"], self.env)

    def start(self, commands):
        """Runs each command in a pane; the first is the one to be shown and typed into."""
        ids = []
        for number, command in enumerate(commands):
            run([self.program, "spawn", f"p{number}", "-b", "terminal", "--"] + command, self.env)
        for number in range(len(commands)):
            ids.append(json.loads(run([self.program, "status", f"p{number}", "--json"], self.env))["id"])
        # Which panes a face opens is what the last one left.
        left = {"panes": ids[:SHOWN], "focus": 0}
        for folder in ("state", "data", "config"):
            path = os.path.join(self.home, folder)
            os.makedirs(path, exist_ok=True)
        with open(os.path.join(self.home, "state", "face.json"), "w") as file:
            json.dump(left, file)

    def attach(self):
        return Client([self.program], self.env)

    def ready(self, client):
        client.quiet()
        client.write(b"i")
        client.until(b"INSERT")
        client.quiet()

    def server(self):
        with open(os.path.join(self.home, "run", "engine.lock")) as lock:
            return int(lock.read().strip())

    def stop(self):
        subprocess.run([self.program, "engine", "stop"], env=self.env, capture_output=True, timeout=60)


class Tmux(Mux):
    name = "tmux"
    windows_of = SHOWN

    @classmethod
    def version(cls):
        return run(["tmux", "-V"], environment()).split()[-1]

    def prepare(self):
        self.env = environment(TMUX_TMPDIR=self.home)
        self.config = os.path.join(self.home, "conf")
        with open(self.config, "w") as file:
            file.write("set -g history-limit 2000\nset -g escape-time 0\n")

    def tmux(self, *words):
        return run(["tmux", "-u", "-f", self.config, *words], self.env)

    def start(self, commands):
        words = [shlex.join(command) for command in commands]
        size = ["-x", str(COLS), "-y", str(ROWS)]
        self.tmux("new-session", "-d", "-s", "bench", *size, words[0])
        for word in words[1:SHOWN]:
            self.tmux("split-window", "-t", "bench:0", word)
            self.tmux("select-layout", "-t", "bench:0", "tiled")
        for word in words[SHOWN:]:
            self.tmux("new-window", "-d", "-t", "bench", word)
        self.tmux("select-pane", "-t", "bench:0.0")

    def attach(self):
        return Client(["tmux", "-u", "-f", self.config, "attach", "-t", "bench"], self.env)

    def server(self):
        return int(self.tmux("display-message", "-p", "#{pid}"))

    def stop(self):
        subprocess.run(["tmux", "-u", "kill-server"], env=self.env, capture_output=True, timeout=60)


class Zellij(Mux):
    name = "zellij"

    @classmethod
    def version(cls):
        return run(["zellij", "--version"], environment()).split()[-1]

    def prepare(self):
        self.session = f"peers-{os.getpid()}-{int(time.time() * 1000) % 100000}"
        sockets = os.path.join(self.home, "s")
        os.makedirs(sockets)
        self.env = environment(
            HOME=self.home,
            XDG_CONFIG_HOME=self.home,
            XDG_DATA_HOME=self.home,
            XDG_CACHE_HOME=self.home,
            ZELLIJ_SOCKET_DIR=sockets,
        )
        self.config = os.path.join(self.home, "config.kdl")
        with open(self.config, "w") as file:
            file.write(
                "scroll_buffer_size 2000\nshow_startup_tips false\nshow_release_notes false\n"
                "session_serialization false\npane_frames true\n"
            )
        self.first = None

    def start(self, commands):
        def pane(command, focus=False):
            # Its escapes are not those of JSON: what is not ASCII stands as it is.
            words = " ".join(json.dumps(word, ensure_ascii=False) for word in command[1:])
            # It takes no empty list.
            args = f" {{ args {words}; }}" if words else ""
            return f"pane command={json.dumps(command[0])} focus={str(focus).lower()}{args}\n"

        def tab(group, focus):
            left, right = group[::2], group[1::2]
            columns = ""
            for number, column in enumerate([left, right]):
                if column:
                    inside = "".join(pane(c, focus and number == 0 and c is group[0]) for c in column)
                    columns += f'pane split_direction="horizontal" {{\n{inside}}}\n'
            return f'tab focus={str(focus).lower()} {{\npane split_direction="vertical" {{\n{columns}}}\n}}\n'

        groups = [commands[:SHOWN]] + [[command] for command in commands[SHOWN:]]
        layout = os.path.join(self.home, "layout.kdl")
        with open(layout, "w") as file:
            file.write("layout {\n" + "".join(tab(g, n == 0) for n, g in enumerate(groups)) + "}\n")
        self.layout = layout
        # Its server is started by a client, and goes on without it.
        words = ["zellij", "--config", self.config, "--session", self.session, "--new-session-with-layout", layout]
        client = Client(words, self.env)
        client.quiet(1.0, 20.0)
        client.close()

    def attach(self):
        return Client(["zellij", "--config", self.config, "attach", self.session], self.env)

    def ready(self, client):
        client.quiet(0.5, 10.0)

    def server(self):
        for task in os.listdir("/proc"):
            if task.isdigit():
                try:
                    with open(f"/proc/{task}/cmdline", "rb") as file:
                        words = file.read()
                    if b"--server" in words and self.home.encode() in words:
                        return int(task)
                except (FileNotFoundError, ProcessLookupError):
                    pass
        raise RuntimeError("no server")

    def stop(self):
        try:
            server = self.server()
        except RuntimeError:
            return
        try:
            subprocess.run(["zellij", "kill-session", self.session], env=self.env, capture_output=True, timeout=10)
        except subprocess.TimeoutExpired:
            # Busy with the output of its panes.
            os.kill(server, signal.SIGKILL)


def all_there():
    """Those that can be run here."""
    there = [Antiphon]
    there += [mux for mux, program in ((Tmux, "tmux"), (Zellij, "zellij")) if shutil.which(program)]
    return there
