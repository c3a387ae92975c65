#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Traces, without a machine: from the wire to JSON lines and back.

1. The frames of docs/trace.md, in pieces of any size, become its lines.
2. A broken stream of frames is one sentence with its offset.
3. A broken or foreign file is one, too, wherever it breaks off.
"""

import io
import json
import os
import random
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from tap import ROOT, done, ok
sys.path.insert(0, os.path.join(ROOT, "tools"))
from tracelib.reader import Reader
from tracelib.wire import Decoder, TraceError
from tracelib.writer import Writer

NAME = struct.unpack("<4I", b"testread".ljust(16, b"\0"))
LINES = (b"faultline-trace\t1\n", b"kernel\t5.10\t12.2\n", b"frames\t16\n",
         b"cmdline\tcom3=trace\n",
         b"event\tmark\tvalue\tvalue=%u\n",
         b"event\tpte_set\taddr pfn\taddr=%08x pfn=%x\n",
         b"event\ttask_name\ttask name0 name1 name2 name3\ttask=%u name=\n",
         b"class\tnone\n", b"class\tzero\n")


def frame(kind, payload=b""):
    return kind + struct.pack("<H", len(payload)) + payload


def record(seq, kind, *args):
    args += (0,) * (6 - len(args))
    return struct.pack("<QIHhI6II", 1000 + seq, seq, kind, 4, 0xC0100010,
                       *args, 0xC0100020)


def stream(total=3):
    return (b"".join(frame(b"H", line) for line in LINES) +
            frame(b"E", record(0, 0, 7) + record(1, 1, 0x40000000, 10)) +
            frame(b"E", record(2, 2, 5, *NAME)) +
            frame(b"T", struct.pack("<I", total)))


def written(data, size):
    out = io.StringIO()
    writer = Writer(out, os.devnull, "cycles", "true")
    for at in range(0, len(data), size):
        writer.feed(data[at:at + size])
    complete = writer.end()
    return out.getvalue(), complete


def read(text):
    """(header, events, end), or the sentence."""
    data = text if isinstance(text, bytes) else text.encode()
    try:
        trace = Reader("t.jsonl", io.BytesIO(data))
        events = list(trace.events())
        return trace.header, events, trace.end
    except TraceError as e:
        return str(e)


def check_wire():
    text, complete = written(stream(), 1 << 16)
    ok(complete and all(written(stream(), n)[0] == text
                        for n in (1, 2, 3, 7, 50)),
       "frames may come in pieces of any size")
    header, events, end = read(text)
    ok(header["events"]["pte_set"] == {"args": ["addr", "pfn"],
                                       "hex": ["addr", "pfn"]} and
       header["frames"] == 16 and header["classes"] == ["none", "zero"] and
       header["kernel"] == "5.10" and header["command"] == "true",
       "the header", header)
    ok(events[0] == {"seq": 0, "tsc": 1000, "pid": 4, "ev": "mark",
                     "args": {"value": 7}, "at": "0xc010001f",
                     "caller": "0xc010000f"},
       "an event; an address without a symbol stays one", events[0])
    ok(events[2]["args"] == {"task": 5, "name": "testread"},
       "a task's name is text", events[2])
    ok(end == {"record": "end", "events": 3, "complete": True}, "the end")
    ok(read(written(stream(4), 99)[0])[2]["complete"] is False,
       "an event too few: not complete")
    ok(read(written(stream()[:-2], 99)[0])[2]["complete"] is False,
       "a frame that breaks off: not complete")
    ok(written(b"", 1)[0] == "", "no bytes, no lines")


def broken(data, want, name):
    decoder = Decoder()
    try:
        list(decoder.feed(data))
        ok(False, name, "no complaint")
    except TraceError as e:
        ok(want in str(e), name, e)


def check_broken_wire():
    head = b"".join(frame(b"H", line) for line in LINES)
    broken(frame(b"H", b"hello\n"), "offset 0: it does not begin as a trace",
           "foreign frames")
    broken(frame(b"H", b"faultline-trace\t9\n"), "version", "another version")
    broken(frame(b"E", record(0, 0)), "offset 0: a frame of type E in the "
           "wrong place", "events before the header")
    broken(head + b"?12", "offset %d: a frame of unknown type b'?'" %
           len(head), "an unknown frame")
    broken(head + frame(b"E", b"x" * 47), "records of 47 bytes",
           "half a record")
    broken(head + frame(b"E", record(0, 3)), "event 0 is of unknown kind 3",
           "an unknown event")
    broken(stream() + frame(b"E", record(3, 0)), "in the wrong place",
           "events behind the end")


def check_broken_files():
    text = written(stream(), 99)[0]
    lines = text.splitlines(keepends=True)
    offset = [sum(map(len, lines[:i])) for i in range(len(lines) + 1)]
    first = lines[0]
    cases = (
        ("", 0, "the file is empty"),
        ("\x7fELF\x01\n", 0, "this is no trace"),
        ("[1,2]\n", 0, "this is no trace"),
        ('{"a":1}\n', 0, "this is no trace"),
        (first.replace('"version":1', '"version":2'), 0, "version 2"),
        (first.replace('"frames":16', '"frames":"x"'), 0,
         "frames has the wrong type"),
        (first, offset[1], "ends without its last line"),
        (text[:-1], offset[4], "breaks off within a line"),
        (first + "}{\n", offset[1], "this line is no JSON object"),
        (first + lines[2], offset[1], "event 1 where 0 belongs"),
        (first + lines[1].replace("mark", "nark"), offset[1],
         "does not know the event nark"),
        (first + lines[1].replace("value", "other"), offset[1],
         "the arguments of mark"),
        (first + lines[1].replace('"pid":4,', ""), offset[1],
         "pid is missing"),
        (first + lines[1].replace('"pid"', '"p":1,"pid"'), offset[1],
         "p does not belong there"),
        (first + lines[1].replace(":7", ':"7"'), offset[1],
         "the argument value has the wrong type"),
        (first + lines[4], offset[1], "0 events, not the 3"),
        (text + "{}\n", offset[5], "something follows"),
    )
    for bad, at, want in cases:
        said = read(bad)
        ok(isinstance(said, str) and
           said.startswith("t.jsonl, offset %d: " % at) and want in said and
           "\n" not in said, "a file: %s" % want, said)
    said = [read(text[:n]) for n in range(len(text))]
    ok(all(isinstance(s, str) for s in said),
       "broken off at any of its %d bytes, it is one sentence" % len(text))
    check_noise(text.encode())


def check_noise(data):
    chance = random.Random(1)
    for _ in range(2000):
        noisy = bytearray(data)
        for _ in range(chance.randrange(1, 4)):
            noisy[chance.randrange(len(noisy))] = chance.randrange(256)
        read(bytes(noisy))  # anything but an exception
    ok(True, "2,000 files with wrong bytes: a trace or a sentence")


check_wire()
check_broken_wire()
check_broken_files()
sys.exit(done())
