# SPDX-License-Identifier: MIT
"""A trace as text: a line for each fault, its hops below it. On a terminal in
colours, and the values of an event folded to its width."""

import shutil
import textwrap

from .faults import shown

VALUES = 68  # columns before the values of an event
COLOURS = {"zero": 37, "anon": 34, "file": 32, "shm": 33, "swap": 35,
           "cow": 31, "faster": 36}


def paint(text, code, colours):
    return "\033[%dm%s\033[0m" % (code, text) if colours else text


def value(event, kind, name):
    number = event["args"][name]
    if isinstance(number, str) or name not in kind["hex"]:
        return "%s=%s" % (name, shown(number))
    return "%s=%x" % (name, number)


def arguments(found, event):
    kind = found.header["events"][event["ev"]]
    return " ".join(value(event, kind, name) for name in kind["args"])


def folded(text, width):
    lines = textwrap.wrap(text, max(width - VALUES - 1, 20)) if width else []
    return ("\n" + " " * VALUES).join(lines or [text])


def hop_lines(found, fault, colours, width):
    most = max(max(fault.costs), 1)
    for index, cost in zip(fault.hops, fault.costs):
        event = found.events[index]
        bar = "#" * round(cost / most * 12)
        place = shown(event.get("line") or event["at"])
        yield "  %6d  %-12s %7s %s  %-22s %s" % (
            event["seq"], event["ev"], cost or "",
            paint("%-12s" % bar, COLOURS.get(found.word(fault), 0), colours),
            place, folded(arguments(found, event), width))


def make(found, chosen, colours):
    width = shutil.get_terminal_size().columns if colours else 0
    lines = []
    for fault in chosen:
        word = found.word(fault)
        title = "%s  %-6s %-18s %7d %s  %s" % (
            "%08x" % fault.addr, word, found.who(fault.pid), fault.total(),
            found.header["clock"], fault.what)
        lines.append(paint(title.rstrip(), COLOURS.get(word, 1), colours))
        lines.extend(line.rstrip() for line in
                     hop_lines(found, fault, colours, width))
    lines.append("%d faults, %d events" % (len(chosen), len(found.events)))
    return "\n".join(lines) + "\n"
