# SPDX-License-Identifier: MIT
"""The command line of tools/vm, checked: see docs/vm.md for the table."""

import os

from . import disks
from .errors import VmError

USAGE = """\
usage: tools/vm [options]                 interactive
       tools/vm [options] -- COMMAND      run COMMAND in the guest's shell

  --boot kernel|iso       the kernel at once, or through GRUB    (kernel)
  --emulator qemu|bochs   which machine; bochs boots the ISO     (qemu)
  --ram SIZE              64M, 1G                                (64M)
  --swap SIZE             a blank disk for this run, swapped on  (none)
  --disk FILE             a disk image, kept as written; repeatable
  --add DIR               lay a folder over the guest's root; repeatable
  --append WORDS          kernel command line
  --qemu-arg ARG          handed to QEMU as it is; repeatable
  --trace FILE            the kernel's event trace, as JSON lines
  --log FILE              the kernel log
  --icount                deterministic: the TSC counts instructions
  --limit N               end after N instructions: 500M, 2G; with --icount
  --gdb                   wait for gdb, print how to attach
  --timeout SECONDS       for COMMAND alone, boot left out       (60)
  --verdict FILE          how it ended, in one line

Status: COMMAND's own; 124 time-out or limit; 125 kernel panic; 126 no machine.
docs/vm.md says more."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
APPEND_CHARACTERS = set(LETTERS + LETTERS.upper() + "0123456789_.,:=/+-")
TRACE_WORD = "com3=trace"  # kernel/trace/trace_send.c
APPEND_MAX = 980  # the kernel keeps 1,023 bytes; more words may follow
UNITS = {"K": 1 << 10, "": 1 << 20, "M": 1 << 20, "G": 1 << 30}
COUNTS = {"": 1, "K": 10 ** 3, "M": 10 ** 6, "G": 10 ** 9}


class Options:
    """What was asked for; each field is named as its option."""

    def __init__(self):
        self.boot = "kernel"
        self.emulator = "qemu"
        self.ram = 64 << 20  # bytes
        self.swap = 0  # bytes; 0: none
        self.disk = []  # host files
        self.drives = []  # disks.Disk, once they are prepared
        self.add = []  # host folders
        self.append = ""  # words with one blank between them
        self.qemu_arg = []
        self.log = None  # host file
        self.trace = None  # host file
        self.icount = False
        self.gdb = False
        self.limit = None  # instructions
        self.timeout = None  # seconds; None: the default
        self.verdict = None  # host file
        self.command = None  # bytes; None: interactive
        self.piped = False  # interactive, but this is no terminal

    def tell_kernel(self, word):
        """WORD is on the kernel's command line, before any -- in it."""
        self.append = (word + " " + self.append).strip()


def _one_of(*allowed):
    def check(name, value):
        if value not in allowed:
            raise VmError("%s: %s is neither %s" %
                          (name, value, " nor ".join(allowed)))
        return value
    return check


def _in_units(value, units):
    """A number, at least 1, and one of the letters of UNITS or none; or 0."""
    digits, unit = value, ""
    if value[-1:].upper() in units:
        digits, unit = value[:-1], value[-1:].upper()
    if not (digits.isascii() and digits.isdigit()):
        return 0
    return int(digits) * units[unit]


def _size(name, value):
    size = _in_units(value, UNITS)
    if not size:
        raise VmError("%s: %s is no size such as 64M or 1G" % (name, value))
    return size


def _count(name, value):
    count = _in_units(value, COUNTS)
    if not count:
        raise VmError("%s: %s is no number of instructions such as 500M" %
                      (name, value))
    return count


def _seconds(name, value):
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1
    if not 0 < seconds < 1e9:
        raise VmError("%s: %s is no number of seconds" % (name, value))
    return seconds


def _words(name, value):
    for word in value.split():
        if not APPEND_CHARACTERS.issuperset(word):
            raise VmError("%s: %r may hold only A-Z a-z 0-9 _ . , : = / + -" %
                          (name, word))
    return " ".join(value.split())


def _text(name, value):
    return value


def _swap(name, value):
    size = _size(name, value)
    if size < disks.MIN_SWAP:
        raise VmError("--swap: %s is less than %dK, the least mkswap takes" %
                      (value, disks.MIN_SWAP >> 10))
    if size > disks.MAX_DISK:
        raise VmError("--swap: %s is more than a disk's 2^28 sectors" % value)
    return size


# option -> (check, may come more than once)
WITH_VALUE = {
    "--boot": (_one_of("kernel", "iso"), False),
    "--emulator": (_one_of("qemu", "bochs"), False),
    "--ram": (_size, False),
    "--swap": (_swap, False),
    "--disk": (_text, True),
    "--add": (_text, True),
    "--append": (_words, True),
    "--qemu-arg": (_text, True),
    "--trace": (_text, False),
    "--log": (_text, False),
    "--limit": (_count, False),
    "--timeout": (_seconds, False),
    "--verdict": (_text, False),
}
FLAGS = ("--icount", "--gdb")


def _store(options, name, value, many):
    field = name[2:].replace("-", "_")
    if name == "--append":
        value = (options.append + " " + value).strip()
        if len(value) > APPEND_MAX:
            raise VmError("--append: more than %d characters" % APPEND_MAX)
    elif many:
        value = getattr(options, field) + [value]
    setattr(options, field, value)


def _check_together(options):
    if options.log is not None and options.command is None:
        raise VmError("--log needs a COMMAND: without one the log is on this "
                      "terminal")
    if options.limit is not None and options.command is None:
        raise VmError("--limit needs a COMMAND")
    if options.limit is not None and not options.icount:
        raise VmError("--limit needs --icount")
    if options.emulator != "bochs":
        return
    options.boot = "iso"
    for field in ("icount", "gdb", "trace", "qemu_arg"):
        if getattr(options, field):
            raise VmError("--%s works with QEMU only" %
                          field.replace("_", "-"))
    if options.command is None:
        raise VmError("--emulator bochs needs a COMMAND: its console is no "
                      "terminal")


def verdict_file(argv):
    """FILE of --verdict, also when parse() would refuse ARGV; or None."""
    words, found = list(argv), None
    while words and words[0] != "--":
        name, equals, value = words.pop(0).partition("=")
        if name in WITH_VALUE and not equals and words:
            value = words.pop(0)
        if name == "--verdict" and value:
            found = value
    return found


def parse(argv):
    """Options for the words after the program's name. VmError if wrong."""
    options = Options()
    words = list(argv)
    while words:
        word = words.pop(0)
        if word == "--":
            options.command = os.fsencode(" ".join(words))
            break
        name, equals, value = word.partition("=")
        if name in FLAGS and not equals:
            setattr(options, name[2:], True)
            continue
        if name not in WITH_VALUE:
            if word.startswith("-"):
                raise VmError("%s: no such option; tools/vm --help lists them"
                              % name)
            raise VmError("%s: COMMAND comes after --" % word)
        if not equals:
            if not words:
                raise VmError("%s wants a value" % name)
            value = words.pop(0)
        check, many = WITH_VALUE[name]
        _store(options, name, check(name, value), many)
    options.piped = options.command is None and not os.isatty(0)
    _check_together(options)
    if options.trace is not None:
        options.tell_kernel(TRACE_WORD)
    return options
