# SPDX-License-Identifier: MIT
"""Takes apart what the kernel sends over COM3: docs/trace.md, "The wire".

    | type | length, 16 bits, low byte first | payload |

    H   a line of text: words with tabs between. They come first
    E   records of 48 bytes
    T   32 bits: how many events there were. Nothing follows
"""

import re
import struct

HEAD = struct.Struct("<cH")
RECORD = struct.Struct("<QIHhI6II")
NAME_EVENT = "task_name"  # its arguments behind the first are text
CONVERSION = re.compile(r"%[0-9]*([uxd])")
VERSION = "1"


class TraceError(Exception):
    """The bytes, or the file, are no trace; the text is the sentence."""


class Event:
    """One record, with the names of its arguments."""

    def __init__(self, fields, tracepoints):
        self.tsc, self.seq, number, self.pid, self.caller = fields[:5]
        if number >= len(tracepoints):
            raise TraceError("event %d is of unknown kind %d" %
                             (self.seq, number))
        self.name, names, _ = tracepoints[number]
        self.at = fields[11]
        self.args = dict(zip(names, fields[5:11]))
        if self.name == NAME_EVENT:
            self.args = name_args(self.args)


def name_args(args):
    text = struct.pack("<4I", *(args["name%d" % i] for i in range(4)))
    return {"task": args["task"],
            "name": text.split(b"\0")[0].decode(errors="replace")}


def tracepoint(name, args, text_format):
    """(name, its arguments, those that are usually shown as hexadecimal)"""
    names = args.split()
    shown = CONVERSION.findall(text_format)
    return name, names, [n for n, c in zip(names, shown) if c == "x"]


class Header:
    """The H lines, as far as they have come."""

    def __init__(self):
        self.kernel = self.compiler = self.cmdline = ""
        self.frames = 0
        self.tracepoints = []
        self.classes = []

    def line(self, words):
        what, rest = words[0], words[1:]
        if what == "event":
            self.tracepoints.append(tracepoint(*rest))
        elif what == "class":
            self.classes += rest
        elif what == "kernel":
            self.kernel, self.compiler = rest
        elif what == "frames":
            self.frames = int(rest[0])
        elif what == "cmdline":
            self.cmdline = rest[0]


class Decoder:
    """Bytes in, events out; a frame may come in pieces."""

    def __init__(self):
        self.pending = b""
        self.offset = 0  # of pending, in all there was
        self.header = None
        self.total = None  # what the T frame said
        self.events = 0

    def fail(self, text):
        raise TraceError("the machine's trace, offset %d: %s" %
                         (self.offset, text))

    def feed(self, data):
        """Yields an Event for each whole record."""
        self.pending += data
        while len(self.pending) >= HEAD.size:
            kind, length = HEAD.unpack_from(self.pending)
            end = HEAD.size + length
            if kind not in (b"H", b"E", b"T"):
                self.fail("a frame of unknown type %r" % kind)
            if len(self.pending) < end:
                return
            yield from self.frame(kind, self.pending[HEAD.size:end])
            self.pending = self.pending[end:]
            self.offset += end

    def frame(self, kind, payload):
        if kind == b"H":
            self.header_line(payload.decode(errors="replace"))
        elif self.header is None or self.total is not None:
            self.fail("a frame of type %s in the wrong place" % kind.decode())
        elif kind == b"T":
            self.total, = struct.unpack("<I", payload)
        else:
            yield from self.records(payload)

    def header_line(self, text):
        words = text.rstrip("\n").split("\t")
        if self.header is None:
            if words[0] != "faultline-trace":
                self.fail("it does not begin as a trace")
            if words[1:] != [VERSION]:
                self.fail("version %s, not %s" % (words[1:], VERSION))
            self.header = Header()
        self.header.line(words)

    def records(self, payload):
        if len(payload) % RECORD.size:
            self.fail("records of %d bytes" % len(payload))
        for fields in RECORD.iter_unpack(payload):
            self.events += 1
            yield Event(fields, self.header.tracepoints)

    def complete(self):
        """Has all come, and nothing been lost?"""
        return self.total == self.events and not self.pending
