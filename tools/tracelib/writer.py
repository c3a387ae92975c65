# SPDX-License-Identifier: MIT
"""Writes a trace as JSON lines: docs/trace.md, "JSON lines"."""

import json

from .symbols import Symbols
from .wire import NAME_EVENT, Decoder

FORMAT, VERSION = "faultline-trace", 1


def dump(record):
    return json.dumps(record, separators=(",", ":")) + "\n"


class Writer:
    """What comes over COM3 goes in, lines go to the file OUT."""

    def __init__(self, out, kernel_elf, clock, command):
        self.out = out
        self.clock = clock  # what a tsc counts: "instructions", "cycles"
        self.command = command  # text, or None
        self.symbols = Symbols(kernel_elf)
        self.decoder = Decoder()
        self.header_written = False

    def header(self):
        h = self.decoder.header
        return {
            "record": "header", "format": FORMAT, "version": VERSION,
            "kernel": h.kernel, "compiler": h.compiler, "cmdline": h.cmdline,
            "command": self.command, "clock": self.clock, "frames": h.frames,
            "classes": h.classes,
            "events": {name: {"args": args, "hex": shown}
                       for name, args, shown in map(told, h.tracepoints)},
        }

    def event(self, e):
        record = {"seq": e.seq, "tsc": e.tsc, "pid": e.pid, "ev": e.name,
                  "args": e.args}
        for place, line, address in (("at", "line", e.at),
                                     ("caller", "caller_line", e.caller)):
            record[place], source = self.symbols.look_up(address)
            if source:
                record[line] = source
        return record

    def feed(self, data):
        for event in self.decoder.feed(data):
            if not self.header_written:
                self.header_written = True
                self.out.write(dump(self.header()))
            self.out.write(dump(self.event(event)))

    def end(self):
        """The last line. Returns whether the trace is complete."""
        self.symbols.close()
        if not self.header_written and self.decoder.header is not None:
            self.out.write(dump(self.header()))
            self.header_written = True
        complete = self.header_written and self.decoder.complete()
        if self.header_written:
            self.out.write(dump({"record": "end", "complete": complete,
                                 "events": self.decoder.events}))
        self.out.flush()
        return complete


def told(tracepoint):
    """The task_name event's text is one argument here."""
    name = tracepoint[0]
    if name == NAME_EVENT:
        return name, ["task", "name"], []
    return tracepoint
