# SPDX-License-Identifier: MIT
"""What every command shares.

    @command("fl-ps")
    def fl_ps(args):
        \"\"\"fl-ps: all tasks.\"\"\"
        yield "a line"

A command is a generator of lines. Whatever goes wrong comes out as one
sentence behind the lines so far: Sorry carries one, and everything else
(memory that is not there, a structure that has changed) is turned into one
here. So no list that runs in a circle hangs gdb, and no Python traceback is
ever seen.
"""
import locale
import os
import re
import struct

import gdb

UNLIKE = (AttributeError, KeyError, struct.error)  # of layout.View


class Sorry(Exception):
    """The sentence that says why a command cannot go on."""


def sentence(error):
    """What ERROR comes to."""
    if isinstance(error, (Sorry, gdb.GdbError)):
        return str(error)
    text = str(error).strip().split("\n")[0]
    if isinstance(error, gdb.MemoryError):
        return "the machine does not let gdb read there: %s" % text
    if isinstance(error, gdb.error):
        return "gdb says: %s" % text
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    if isinstance(error, EOFError):
        return "there is no more input"
    if isinstance(error, OSError) and error.filename is not None:
        return "%s: %s" % (error.filename, error.strerror)
    if isinstance(error, OSError):
        return "this host says: %s" % (error.strerror or text)
    what = "the kernel is not what this command expects" \
        if isinstance(error, UNLIKE) else "this command has a fault of its own"
    return "%s (%s: %s)" % (what, type(error).__name__, text)


def printable(text):
    """TEXT for gdb.write, which writes UTF-8: the bytes that a file name or
    the environment had, whatever the locale makes of them."""
    try:
        data = os.fsencode(text)
    except UnicodeEncodeError:
        data = text.encode("utf-8", "backslashreplace")
    return data.decode("utf-8", "backslashreplace")


def say(text):
    gdb.write(printable(text))


def complaint(name, error):
    """What gdb prints in the locale's code."""
    code = locale.getpreferredencoding(False)
    text = "%s: %s" % (name, sentence(error))
    return gdb.GdbError(text.encode(code, "backslashreplace").decode(code))


def quoted(path):
    """PATH as one word of a command of gdb that takes words."""
    try:
        text = os.fsencode(path).decode()
    except UnicodeDecodeError:
        raise Sorry("gdb takes no file name that is not UTF-8: %r" % path)
    return re.sub(r"([^\w./+@%:,=-])", r"\\\1", text)


def deliver(name, lines):
    """Shows LINES, or the sentence why they end."""
    try:
        for line in lines:
            say(line + "\n")
        gdb.flush()
    except gdb.GdbError:
        raise  # of another command inside this one
    except BaseException as e:  # see the head of this file
        gdb.flush()
        raise complaint(name, e)


class Command(gdb.Command):
    """FUNCTION gets a list of words, or with RAW the text as it was typed."""

    def __init__(self, name, function, raw=False):
        self.__doc__ = function.__doc__
        self.function = function
        self.name = name
        self.raw = raw
        super().__init__(name, gdb.COMMAND_DATA, gdb.COMPLETE_SYMBOL)

    def invoke(self, argument, from_tty):
        deliver(self.name, self.lines(argument))

    def lines(self, argument):
        yield from self.function(argument if self.raw else
                                 gdb.string_to_argv(argument))


registered = {}


def command(*names, raw=False):
    def register(function):
        for name in names:
            registered[name] = Command(name, function, raw)
        return function
    return register


def number(text, what):
    """A decimal number, or hexadecimal with 0x."""
    try:
        return int(text, 0) if text[:2] in ("0x", "0X") else int(text, 10)
    except ValueError:
        raise Sorry("%s is no %s" % (text, what))


def expression(text):
    """The value of TEXT for gdb, as an unsigned number."""
    try:
        return int(gdb.parse_and_eval(text)) & 0xffffffff
    except (gdb.error, ValueError) as e:
        raise Sorry("%s is no address: %s" % (text, e))


def address(text):
    """Hexadecimal digits, with or without 0x, or an expression of gdb."""
    try:
        value = int(text, 16)
    except ValueError:
        return expression(text)
    if not 0 <= value < 1 << 32:
        raise Sorry("%s is beyond the last address, ffffffff" % text)
    return value


class Group(gdb.Command):
    """faultline: the commands for this kernel."""

    def __init__(self):
        super().__init__("faultline", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        for name in sorted(registered):
            doc = registered[name].__doc__ or ""
            gdb.write(doc.strip().split("\n")[0] + "\n")


Group()
