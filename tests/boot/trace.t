#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/vm --trace: real runs against docs/trace.md.

1. Each line of a run has the fields of the document's tables, with their
   types; the events are those of its list; nothing is missing.
2. None is lost: more events than the ring holds; a panic; a run that is cut
   off says that it is not complete.
3. What sending takes is not in the stamps: with --icount a fault's figures
   are those of a run that sends nothing.
4. From the ISO, and without COMMAND, it works as well.
"""

import json
import os
import re
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
import tap
from tap import BUILD, ROOT, done, ok, skip, vm
sys.path.insert(0, os.path.join(ROOT, "tools"))
from tracelib import reader

ROW = re.compile(r"^\| `(\w+)` \| ([\w ,]+) \| ", re.MULTILINE)
TYPES = {"string": str, "number": int, "list": list, "object": dict,
         "boolean": bool, "null": type(None)}
FAULT = ("fault_enter", "fault_vma", "fault_class", "page_alloc", "shm_page",
         "pte_set", "fault_exit")
folder = tempfile.TemporaryDirectory()
FILE = os.path.join(folder.name, "trace.jsonl")


def traced(command, *words):
    run = vm("--trace", FILE, *words, "--", command)
    return run, reader.read(FILE)


def table(book, title):
    """{field: (types, may be missing)} of the table below TITLE."""
    text = book.split("\n%s:\n" % title)[1].split("\n\n")[0] + "\n"
    fields = {}
    for name, types in ROW.findall(text):
        optional = "may be missing" in types
        fields[name] = (tuple(TYPES[t] for t in re.findall(r"\w+", types)
                              if t in TYPES), optional)
    return fields


def matches(record, fields):
    return (all(name in record or optional
                for name, (_, optional) in fields.items()) and
            all(name in fields and isinstance(value, fields[name][0])
                for name, value in record.items()))


def check_schema():
    with open("docs/trace.md", encoding="utf-8") as f:
        book = f.read()
    run, (header, events, end) = traced("testwrite; testread", "--icount")
    ok(run.returncode == 0 and run.stdout.count("ok:") == 2,
       "COMMAND's output and status are its own", run)
    with open(FILE, encoding="utf-8") as f:
        lines = [json.loads(line) for line in f]
    for title, some in (("The header", lines[:1]), ("An event", lines[1:-1]),
                        ("The end", lines[-1:])):
        fields = table(book, title)
        wrong = [r for r in some if not matches(r, fields)]
        ok(fields and some and not wrong,
           "%s is as docs/trace.md says: %d lines, %d fields" %
           (title.lower(), len(some), len(fields)), wrong[:1])
    listed = set(re.findall(r"^\| `(\w+)` \| `", book, re.MULTILINE))
    ok(set(header["events"]) == listed, "the document lists every event",
       set(header["events"]) ^ listed)
    ok(end["complete"] and header["clock"] == "instructions" and
       header["command"] == "testwrite; testread" and
       "com3=trace" in header["cmdline"], "header and end", header)
    with open(FILE, "rb") as f:
        before = f.read()
    traced("testwrite; testread", "--icount")
    with open(FILE, "rb") as f:
        ok(f.read() == before, "the same run, the same bytes")
    ok(all(a["tsc"] <= b["tsc"] for a, b in zip(events, events[1:])),
       "stamps never fall")
    check_story(events)
    return events


def fault_of(events, pick):
    """The events of the first fault whose shm_page event PICK likes."""
    at = next(i for i, e in enumerate(events)
              if e["ev"] == "shm_page" and pick(e["args"]))
    pid = events[at]["pid"]
    mine = [(i, e) for i, e in enumerate(events) if e["pid"] == pid]
    first = max(i for i, e in mine if e["ev"] == "fault_enter" and i < at)
    last = min(i for i, e in mine if e["ev"] == "fault_exit" and i > at)
    return [e for i, e in mine if first <= i <= last]


def check_story(events):
    names = {e["args"]["name"]: e["args"]["task"] for e in events
             if e["ev"] == "task_name"}
    fault = fault_of(events, lambda a: a["state"] == 1)
    ok([e["ev"] for e in fault] == list(FAULT) and
       fault[0]["pid"] == names["testwrite"],
       "testwrite's first touch, in the order of docs/page-fault.md", fault)
    places = {e["ev"]: (e["at"], e["line"].split(":")[0], e["caller"])
              for e in fault}
    ok(places["shm_page"] == ("shm_swap_in", "ipc/shm/shm_fault.c",
                              "do_swap_page") and
       places["fault_enter"] == ("do_page_fault", "mm/fault.c",
                                 "trap_dispatch"),
       "each event knows its function, its line and the caller", places)


def check_skew(events):
    """The same fault, told by the ring of a machine that sends nothing."""
    run = vm("--icount", "--append", "trace=ring", "--",
             "testwrite >/dev/null; echo off >/proc/trace; cat /proc/trace")
    lines = [line.split() for line in run.stdout.split("\n")]
    at = next(i for i, w in enumerate(lines) if "state=1" in w)
    mine = [w for w in lines[at - 8:at + 8]
            if len(w) > 3 and w[2] == lines[at][2] and w[3] in FAULT]
    mine = mine[[w[3] for w in mine].index("fault_enter"):]
    stamps = [int(w[1]) for w in mine[:len(FAULT)]]
    sent = [e["tsc"] for e in fault_of(events, lambda a: a["state"] == 1)]
    want = [b - a for a, b in zip(stamps, stamps[1:])]
    got = [b - a for a, b in zip(sent, sent[1:])]
    off = [abs(a - b) for a, b in zip(want, got)]
    ok(len(got) == len(want) == 6 and max(off) <= 40,
       "sending is not in the stamps: %s and %s instructions between the "
       "events of a fault" % (got, want))


def check_no_loss():
    run, (_, events, end) = traced(
        "sh -c 'for i in 1 2 3 4; do testread; done' >/dev/null;"
        "cat /proc/trace_state; trace filter pid=99; twoviews >/dev/null;"
        "trace filter; echo c >/proc/sysrq-trigger")
    ok(end["complete"] and len(events) > 4096,
       "%d events, more than the ring holds: none is lost" % len(events))
    names = [e["args"]["name"] for e in events if e["ev"] == "task_name"]
    ok(names.count("testread") == 4 and "twoviews" not in names,
       "a filter holds for COM3, too", names)
    ok(run.returncode == 125 and end["complete"] and
       events[-1]["ev"] != "mark",
       "a panic sends the rest", (run, end))
    run, (_, events, end) = traced("while true; do true; done",
                                   "--timeout", "1")
    ok(run.returncode == 124 and not end["complete"] and events,
       "a machine that is stopped: the end says it is not complete", end)


def check_other_ways():
    if os.path.exists(os.path.join(BUILD, "faultline.iso")):
        run, (_, events, end) = traced("echo hello", "--boot", "iso")
        ok(run.stdout == "hello\n" and end["complete"] and events,
           "from the ISO", run)
    else:
        skip("from the ISO", "there is no ISO here")
    run = tap.run("tools/vm", "--trace", FILE)  # its console is at its end
    _, events, end = reader.read(FILE)
    ok(run.returncode == 0 and end["complete"] and len(events) > 5000,
       "without COMMAND: %d events" % len(events), run)


check_skew(check_schema())
check_no_loss()
check_other_ways()
sys.exit(done())
