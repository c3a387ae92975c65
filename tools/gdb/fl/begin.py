# SPDX-License-Identifier: MIT
"""What tools/gdb/start wants done first. It comes in the environment, since no
parser may come between: FL_HOW says what, FL_WORDS how many words there are,
FL_WORD_0 ... what they are, FL_AT where to run to.
"""
import os

from . import back, cross, machine, tour
from .command import Command, deliver


def words():
    count = int(os.environ.pop("FL_WORDS", "0"))
    return [os.environ.pop("FL_WORD_%d" % k) for k in range(count)]


def first(how, given):
    if how == "start":
        return "fl-start", machine.begin(machine.words_of(given))
    if how == "replay":
        return "fl-replay", back.fl_replay(given)
    return "tour", tour.tour(given)


def begin(unused):
    deliver(*first(os.environ.pop("FL_HOW", "start"), words()))
    at = os.environ.pop("FL_AT", "")
    if at:
        deliver("fl-at", cross.fl_at([at]))
    return iter(())


Command("fl-begin", begin)
