"""Output of four kinds, of which any amount can be had. None of it holds a mark (Cyrillic letters)."""

import os
import random


def plain(rng):
    words = "the quick brown fox jumps over a lazy dog while seven wizards mix cheap gin".split()
    line = ""
    while len(line) < 70:
        line += rng.choice(words) + " "
    return line[:78].encode() + b"\r\n"


def coloured(rng):
    line = b""
    for _ in range(9):
        if rng.random() < 0.5:
            line += b"\x1b[38;5;%dm" % rng.randrange(256)
        else:
            line += b"\x1b[1;38;2;%d;%d;%dm" % tuple(rng.randrange(256) for _ in range(3))
        line += rng.choice([b"warning", b"error: x", b"ok", b"compiling", b"+added", b"-gone"]) + b"\x1b[0m "
    return line + b"\r\n"


def unicode(rng):
    pieces = ["表示端末", "한국어", "│├──┤", "e\u0301a\u0308o\u0302", "😀🚀", "plain", "ελληνικά", "→←↑↓"]
    return "".join(rng.choice(pieces) + " " for _ in range(11)).encode() + b"\r\n"


def redraw(rng):
    screen = b"\x1b[H"
    for row in range(1, 38):
        screen += b"\x1b[%d;1H\x1b[K\x1b[%d;%dm%-40d\x1b[0m %s" % (
            row,
            30 + rng.randrange(8),
            40 + rng.randrange(8),
            rng.randrange(10**12),
            b"#" * rng.randrange(40),
        )
    return screen


KINDS = {"plain": plain, "coloured": coloured, "Unicode": unicode, "full redraw": redraw}


def make(folder, size):
    """Writes a file of each kind, each of that size or a little more; where they are."""
    files = {}
    for kind, piece in KINDS.items():
        rng = random.Random(kind)
        # Half a megabyte that differs, over and over.
        block = b""
        while len(block) < min(size, 1 << 19):
            block += piece(rng)
        path = os.path.join(folder, kind.replace(" ", "-"))
        with open(path, "wb") as file:
            for _ in range(-(-size // len(block))):
                file.write(block)
        files[kind] = path
    return files
