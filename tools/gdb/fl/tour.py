# SPDX-License-Identifier: MIT
"""tour: a guided walk through the kernel. The stops are in stops.py; the text
at each is the paragraph of the document that tells it, so the two cannot part.

    tour fault [--predict] [--all]     begin;  Enter, or tour next: go on
    tour stop                          leave it where it stands

With --predict each stop asks for something the next one will show, and keeps
the score. With --all nobody waits for Enter.
"""
import os

import gdb

from . import back, guest, layout, machine
from .command import Sorry, command


class Now:
    """The tour that is under way."""

    stops = []  # those still to come
    name = None
    number = total = 0
    predict = False
    question = None  # (what was answered, how to find what is right)
    right = asked = 0


class At(back.Silent):
    """Holds at one stop of the tour."""

    def __init__(self, stop):
        place = "*0x%x" % layout.address_of(stop.function) if stop.assembly \
            else stop.function
        super().__init__(place)
        self.wanted = stop

    def stop(self):
        guest.forget()
        try:
            return self.wanted.is_here()
        except (Sorry, gdb.error):
            return False


def paragraph(document, key):
    """The paragraph of DOCUMENT that begins with KEY; for a heading the one
    below it, for an item of a list that item, for a row of a table what it
    says the function decides."""
    path = os.path.join(machine.ROOT, document)
    try:
        with open(path, encoding="utf-8") as f:
            parts = [p.strip("\n") for p in f.read().split("\n\n")]
    except FileNotFoundError:
        raise Sorry("%s is not there" % document)
    for at, part in enumerate(parts):
        if part.startswith(key):
            return parts[at + 1] if key.startswith("#") else part
        lines = part.split("\n")
        for number, line in enumerate(lines):
            if line.startswith(key):
                return row(line) if key.startswith("|") else \
                    item(lines[number:])
    raise Sorry("%s has no paragraph %r" % (document, key))


def row(line):
    return "What it decides: %s." % line.split("|")[5].strip()


def item(lines):
    """The first item of a list, with the lines that go on with it."""
    end = 1
    while end < len(lines) and lines[end].startswith("  "):
        end += 1
    return "\n".join(lines[:end])


def source_of(function):
    sal = gdb.decode_line("*0x%x" % layout.address_of(function))[1][0]
    name = sal.symtab.filename if sal.symtab else ""
    return name[2:] if name.startswith("./") else name


def show(stop):
    yield "--- %s, %d of %d: %s, in %s ---" % (
        Now.name, Now.number, Now.total, stop.function,
        stop.source or source_of(stop.function))
    if stop.key:
        yield from paragraph(stop.document, stop.key).split("\n")
    for label, value in stop.values():
        yield "  %-10s %s" % (label, value)
    if stop.look:
        yield "Look: " + stop.look


def ask(stop):
    """The question of a stop; what the user answers is kept for later."""
    if not (Now.predict and stop.ask):
        return
    question, answer = stop.ask
    gdb.write("Predict: %s " % question)
    gdb.flush()
    try:
        Now.question = input().strip(), answer
    except EOFError:
        Now.predict = False
        raise Sorry("there is nobody who answers; tour next goes on")


def same(said, right):
    """Numbers are compared as numbers, in either base."""
    for base in (0, 16):
        try:
            if int(said, base) == right:
                return True
        except ValueError:
            continue
    return False


def judge():
    """What came of the question of the stop before."""
    if Now.question is None:
        return
    said, answer = Now.question
    Now.question = None
    right, text = answer()
    Now.asked += 1
    good = same(said, right)
    Now.right += good
    yield "You said %s: %s. %d of %d right so far." % (
        said or "nothing", "right" if good else "it is " + text, Now.right,
        Now.asked)


def leave():
    Now.stops, Now.question = [], None
    if Now.predict and Now.asked:
        yield "The tour is over: %d of %d predictions were right." % (
            Now.right, Now.asked)
    else:
        yield "The tour is over; the machine is yours."


def go_on():
    """Runs to the next stop and shows it."""
    stop = Now.stops.pop(0)
    try:
        if stop.behind:
            back.move("continue", [back.Silent(stop.behind)])
        back.move("continue", [At(stop)])
    except back.Ended:
        Now.stops = []
        raise Sorry("the machine ended before %s was reached" % stop.function)
    guest.forget()
    if not stop.is_here():
        Now.stops = []
        raise Sorry("something else stopped the machine first, at eip %08x" %
                    guest.register("eip"))
    Now.number += 1
    yield from judge()
    yield from show(stop)
    if Now.stops:
        ask(stop)
        return
    yield from leave()


def begin(name, args):
    from . import stops
    if name not in stops.TOURS:
        raise Sorry("there is no tour %s: %s" % (name, " ".join(
            stops.TOURS)))
    words, makers = stops.TOURS[name]
    Now.name, Now.number, Now.total = name, 0, len(makers)
    Now.predict = "--predict" in args
    Now.right = Now.asked = 0
    Now.question = None
    machine.build_folder()
    if name == "swap" and layout.find("swap_info") is None:
        raise Sorry("this kernel has no swap")
    machine.start(["--icount"] + words)
    Now.stops = list(makers)


@command("tour")
def tour(args):
    """tour fault|shm|swap|fork [--predict] [--all]: a guided walk.
Enter, or tour next, goes on to the next stop; between two stops all of gdb
can be used. --predict asks for the next entry, count or rss and keeps the
score. tour stop ends it."""
    name = args[0] if args else ""
    if name == "stop":
        yield from leave()
        return
    if not name:
        raise Sorry("which one? tour fault, tour shm, tour swap, tour fork")
    again = name == "next" or (name == Now.name and Now.stops)
    if not again:
        begin(name, args)
    if not Now.stops:
        raise Sorry("no tour is under way: tour fault begins one")
    yield from go_on()
    while "--all" in args and Now.stops:
        yield ""
        yield from go_on()
