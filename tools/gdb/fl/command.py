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
import gdb


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
    return "the kernel is not what this command expects (%s: %s)" % (
        type(error).__name__, text)


class Command(gdb.Command):
    def __init__(self, name, function):
        self.__doc__ = function.__doc__
        self.function = function
        self.name = name
        super().__init__(name, gdb.COMMAND_DATA, gdb.COMPLETE_SYMBOL)

    def invoke(self, argument, from_tty):
        try:
            for line in self.function(gdb.string_to_argv(argument)):
                gdb.write(line + "\n")
            gdb.flush()
        except BaseException as e:  # see the head of this file
            gdb.flush()
            raise gdb.GdbError("%s: %s" % (self.name, sentence(e)))


registered = {}


def command(*names):
    def register(function):
        for name in names:
            registered[name] = Command(name, function)
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
    except (gdb.error, ValueError):
        raise Sorry("%s is no address" % text)


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
