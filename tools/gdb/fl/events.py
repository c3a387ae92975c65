# SPDX-License-Identifier: MIT
"""fl-trace, fl-log: what the kernel left behind, also after a panic."""
import re

from . import guest, kernel, layout
from .command import Sorry, command, number

FORMAT = re.compile(r"%(0?\d*)(l*)([udx])")
SHOWN = 20  # events, lines


def python_format(text):
    """A printf format of the kernel for Python's %."""
    return FORMAT.sub(lambda m: "%" + m.group(1) + m.group(3).replace(
        "u", "d"), text)


def tracepoints():
    """(name, format) of every kind of event."""
    at = layout.address_of("tracepoints")
    kinds = layout.enum("enum trace_id")
    return [(guest.text(name), python_format(guest.text(form)))
            for name, form in (guest.words(at + 8 * k, 2)
                               for k in range(len(kinds) - 1))]


def event_text(event, kinds):
    args = guest.words(event.at("arg"), 7)
    if event.id >= len(kinds):
        return "%d %d %d of unknown kind %d" % (event.seq, event.tsc,
                                               event.pid, event.id)
    name, form = kinds[event.id]
    wanted = len(re.findall("%", form))
    return "%d %d %d %s %s" % (event.seq, event.tsc, event.pid, name,
                               form % args[:wanted])


def last_events(n):
    """The last N events of the ring, oldest first."""
    head = layout.variable("trace_head")
    ring = layout.address_of("trace_ring")
    size = layout.size("struct trace_event")
    slots = 4096
    for seq in range(max(0, head - min(n, slots)), head):
        yield layout.View("struct trace_event", ring + seq % slots * size)


@command("fl-trace")
def fl_trace(args):
    """fl-trace [N]: the last N events of the trace (20)."""
    kernel.check_ready()
    n = number(args[0], "number of events") if args else SHOWN
    kinds = tracepoints()
    found = list(last_events(n))
    if not found:
        raise Sorry("the trace is empty: boot with --append trace=ring, or "
                    "set var trace_on = 1")
    for event in found:
        yield event_text(event, kinds)


def log_text():
    end = layout.variable("log_end")
    ring = layout.address_of("log_ring")
    size = 0x8000
    data = guest.read(ring, size)
    if end <= size:
        data = data[:end]
    else:
        data = data[end % size:] + data[:end % size]
    return data.decode("latin-1")


@command("fl-log")
def fl_log(args):
    """fl-log [N]: the last N lines of the kernel's messages (all)."""
    kernel.check_attached()
    layout.address_of("log_ring")
    if not guest.on_paging():
        raise Sorry("paging is not on yet (eip %08x), so there is no log" %
                    guest.register("eip"))
    kernel.check_same_kernel()
    lines = log_text().split("\n")
    n = number(args[0], "number of lines") if args else len(lines)
    yield from lines[-n - 1:-1] if n < len(lines) else lines[:-1]
