# SPDX-License-Identifier: MIT
"""Reads the JSON lines of tools/vm --trace: docs/trace.md has the fields.

    with open(path, "rb") as f:
        trace = Reader(path, f)
        for event in trace.events(): ...

trace.header is the first record, trace.end, after the events, the last one.
TraceError is one sentence with the offset of the line that is wrong.
"""

import json

from .wire import TraceError
from .writer import FORMAT, VERSION

NUMBER, TEXT = (int,), (str,)
HEADER_FIELDS = {
    "record": TEXT, "format": TEXT, "version": NUMBER, "kernel": TEXT,
    "compiler": TEXT, "cmdline": TEXT, "command": (str, type(None)),
    "clock": TEXT, "frames": NUMBER, "classes": (list,), "events": (dict,),
}
EVENT_FIELDS = {
    "seq": NUMBER, "tsc": NUMBER, "pid": NUMBER, "ev": TEXT, "args": (dict,),
    "at": TEXT, "caller": TEXT,
}
OPTIONAL_FIELDS = {"line": TEXT, "caller_line": TEXT}
END_FIELDS = {"record": TEXT, "events": NUMBER, "complete": (bool,)}


def wrong_field(record, fields, optional):
    """What is wrong with RECORD, or None."""
    for name, types in fields.items():
        if name not in record:
            return "%s is missing" % name
        if not isinstance(record[name], types):
            return "%s has the wrong type" % name
    for name in record:
        if name not in fields and name not in optional:
            return "%s does not belong there" % name
        if name in optional and not isinstance(record[name], optional[name]):
            return "%s has the wrong type" % name
    return None


class Reader:
    """The trace in FILE, opened in binary mode; PATH is its name."""

    def __init__(self, path, file):
        self.path = path
        self.file = file
        self.offset = 0  # of the line we are at
        self.next = 0  # of the one behind it
        self.end = None
        self.header = self.record()
        self.check_header()

    def fail(self, text):
        raise TraceError("%s, offset %d: %s" % (self.path, self.offset, text))

    def record(self):
        """The object in the next line, or None at the end of the file."""
        self.offset = self.next
        line = self.file.readline()
        self.next += len(line)
        if not line:
            return None
        if not line.endswith(b"\n"):
            self.fail("the file breaks off within a line")
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            self.fail("this line is no JSON object" if self.offset else
                      "this is no trace of tools/vm --trace")
        return record

    def check(self, record, fields, optional=()):
        problem = wrong_field(record, fields, dict(optional))
        if problem:
            self.fail(problem)

    def check_header(self):
        header = self.header
        if header is None:
            self.fail("the file is empty")
        if header.get("format") != FORMAT:
            self.fail("this is no trace of tools/vm --trace")
        if header.get("version") != VERSION:
            self.fail("version %s of the format; this program knows %d" %
                      (header.get("version"), VERSION))
        self.check(header, HEADER_FIELDS)
        for name, kind in header["events"].items():
            if not (isinstance(kind, dict) and
                    all(isinstance(kind.get(key), list) and
                        all(isinstance(word, str) for word in kind[key])
                        for key in ("args", "hex"))):
                self.fail("the arguments of %s are not told" % name)

    def check_event(self, event, seq):
        self.check(event, EVENT_FIELDS, OPTIONAL_FIELDS)
        if event["seq"] != seq:
            self.fail("event %s where %d belongs" % (event["seq"], seq))
        kind = self.header["events"].get(event["ev"])
        if kind is None:
            self.fail("the header does not know the event %s" % event["ev"])
        if sorted(event["args"]) != sorted(kind["args"]):
            self.fail("the arguments of %s are not those of the header" %
                      event["ev"])
        for name, value in event["args"].items():
            if type(value) is not (str if name == "name" else int):
                self.fail("the argument %s has the wrong type" % name)

    def events(self):
        """Yields the events; afterwards END is the last record."""
        seq = 0
        while True:
            record = self.record()
            if record is None:
                self.fail("the file ends without its last line")
            if "record" in record:
                break
            self.check_event(record, seq)
            yield record
            seq += 1
        if record["record"] != "end":
            self.fail("a record of kind %r within the trace" %
                      record["record"])
        self.check(record, END_FIELDS)
        if record["events"] != seq:
            self.fail("%d events, not the %d of the last line" %
                      (seq, record["events"]))
        self.end = record
        if self.record() is not None:
            self.fail("something follows the last line")


def read(path):
    """(header, list of events, end) of the file PATH. TraceError, OSError."""
    with open(path, "rb") as f:
        trace = Reader(path, f)
        events = list(trace.events())
    return trace.header, events, trace.end
