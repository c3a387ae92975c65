# SPDX-License-Identifier: MIT
"""A trace as one HTML file: web/trace.html with everything inlined."""

import json
import os
import re

from . import facts, sources

WEB = os.path.join(sources.ROOT, "web")
SCRIPTS = ("dom", "avl", "model", "faults", "draw", "time", "list", "detail", "view",
           "trace")


def read(name):
    with open(os.path.join(WEB, name), encoding="utf-8") as f:
        return f.read()


def pack(header, events):
    """Events as short lists, and the places they name."""
    kinds = {name: n for n, name in enumerate(header["events"])}
    args = [kind["args"] for kind in header["events"].values()]
    sites, packed = {}, []
    for ev in events:
        kind = kinds[ev["ev"]]
        places = [(ev["at"], ev.get("line")),
                  (ev["caller"], ev.get("caller_line"))]
        packed.append([ev["tsc"], ev["pid"], kind] +
                      [sites.setdefault(p, len(sites)) for p in places] +
                      [ev["args"][name] for name in args[kind]])
    return packed, list(sites)


def fault_instructions(events):
    """{program: instructions that faulted in it}"""
    names, found = {}, {}
    for ev in events:
        if ev["ev"] == "task_name":
            names[ev["args"]["task"]] = ev["args"]["name"]
        elif ev["ev"] == "fault_enter" and ev["pid"] in names:
            found.setdefault(names[ev["pid"]], set()).add(ev["args"]["eip"])
    return found


def make(header, events, title, build):
    packed, sites = pack(header, events)
    programs = sources.program_lines(build, fault_instructions(events))
    lines = [line for _, line in sites] + [
        line for table in programs.values() for _, line in table]
    data = json.dumps({
        "header": header, "events": packed, "sites": sites,
        "programs": programs, "calls": sources.syscalls(),
        "sources": sources.texts(lines),
    }, separators=(",", ":")).replace("<", "\\u003c")
    parts = {
        "TITLE": title.replace("&", "&amp;").replace("<", "&lt;"),
        "CSS": read("view.css"), "DATA": data,
        "JS": "\n".join([facts.script()] + [read(name + ".js")
                                            for name in SCRIPTS]),
    }
    return re.sub("@(TITLE|CSS|DATA|JS)@", lambda m: parts[m.group(1)],
                  read("trace.html"))
