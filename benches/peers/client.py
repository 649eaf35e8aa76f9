"""A terminal that a program runs in: its output is read all the time, and searched for marks."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

ROWS, COLS = 40, 120


def environment(**more):
    """What programs run with: nothing of the terminal this was started in."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "SHELL")}
    kept.update(TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8", **more)
    return kept


class Client:
    """A program in a pseudo-terminal."""

    def __init__(self, command, env, rows=ROWS, cols=COLS):
        self.begun = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # What is executed must not die of this program's own signals.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.execvpe(command[0], command, env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.tail = b""
        self.received = 0

    def read(self, timeout):
        """Some output, or none within that time."""
        ready, _, _ = select.select([self.fd], [], [], timeout)
        if not ready:
            return b""
        try:
            piece = os.read(self.fd, 1 << 16)
        except OSError:
            piece = b""
        self.received += len(piece)
        if not piece:
            raise EOFError("the program has ended: " + repr(self.tail[-300:]))
        # A mark may be cut in two by a read.
        self.tail = (self.tail + piece)[-8192:] if len(piece) < 8192 else piece[-8192:]
        return piece

    def until(self, mark, timeout=60.0):
        """Reads until the mark has come; the time at which it had."""
        end = time.perf_counter() + timeout
        kept = b""
        while True:
            left = end - time.perf_counter()
            if left <= 0:
                raise TimeoutError(f"no {mark!r} in {timeout} s, but {self.tail[-600:]!r}")
            kept += self.read(left)
            if mark in kept:
                return time.perf_counter()
            kept = kept[-len(mark):]

    def quiet(self, span=0.3, timeout=10.0):
        """Reads until nothing has come for a while, or for so long."""
        end = time.perf_counter() + timeout
        while time.perf_counter() < end:
            if not self.read(span):
                return

    def write(self, data):
        os.write(self.fd, data)

    def close(self):
        try:
            os.kill(self.pid, signal.SIGHUP)
        except ProcessLookupError:
            pass
        end = time.perf_counter() + 3
        while time.perf_counter() < end:
            try:
                self.read(0.02)
            except EOFError:
                break
        done, _ = os.waitpid(self.pid, os.WNOHANG)
        if not done:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)
