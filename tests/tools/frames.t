#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""COM2's frames and the archive of COMMAND, taken apart in pieces."""

import io
import os
import random
import struct
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from tap import ROOT, done, ok
sys.path.insert(0, os.path.join(ROOT, "tools"))
from vmlib import command, image, newc, options
from vmlib.errors import VmError
from vmlib.frames import Frames


def frame(kind, payload=b""):
    return kind + struct.pack("<H", len(payload)) + payload


def in_pieces(data, size):
    frames, result = Frames(), []
    for at in range(0, len(data), size):
        result += frames.feed(data[at:at + size])
    return result


wanted = [(b"S", b""), (b"D", b"hello\n"), (b"D", b""), (b"D", b"x" * 4096),
          (b"X", b"\7\0\0\0")]
stream = b"".join(frame(*f) for f in wanted)
ok(all(in_pieces(stream, size) == wanted for size in (1, 2, 3, 7, 9999)),
   "frames come whole, in pieces of any size")
ok(in_pieces(stream[:-1], 5) == wanted[:-1], "half a frame is no frame")
try:
    list(Frames().feed(b"?\0\0"))
    ok(False, "an unknown type is an error")
except VmError:
    ok(True, "an unknown type is an error")

opts = options.parse(["--append", "a=1  b", "--append", "c", "--ram", "1g",
                      "--", "echo", "a  b", "c"])
ok(opts.append == "a=1 b c", "--append: words with one blank between them")
ok(opts.ram == 1 << 30, "--ram 1g")
ok(opts.command == b"echo a  b c", "COMMAND's words are joined by one blank")
ok(options.parse(["--ram=8192K", "--"]).command == b"", "an empty COMMAND")
ok(options.parse(["--qemu-arg", "-d"]).qemu_arg == ["-d"],
   "a value may begin with a dash")

for place, words in (("/dev/full", "--log: /dev/full: No space left on device"),
                     ("/", "--log: /: Is a directory")):
    try:
        command.write_log(place, b"x")
        ok(False, words)
    except VmError as e:
        ok(str(e) == words, words)

with tempfile.TemporaryDirectory() as folder:
    os.makedirs(os.path.join(folder, ".vm"))
    open(os.path.join(folder, ".vm/sh"), "w", encoding="utf-8").close()
    open(os.path.join(folder, ".vmx"), "w", encoding="utf-8").close()
    ok([m.path for m in image.added(folder)] == [b".vmx"],
       "--add does not reach /.vm")

random.seed(1)
members = [newc.regular(b"n" * random.randrange(1, 255), 0o644,
                        b"d" * random.randrange(1, 9999)) for _ in range(200)]
out = io.BytesIO()
newc.write_archive(out, members)
data = out.getvalue()
starts = [data.index(m.source, data.index(m.path + b"\0")) for m in members[:1]]
ok(starts[0] % newc.PAGE == 0 and len(data) % newc.PAGE == 0,
   "data begin on pages, whatever the names")

sys.exit(done())
