# SPDX-License-Identifier: MIT
"""tools/vm from its command line to its status.

It starts for each machine of each test: modules that are not always needed are
imported where they are.
"""

import time

from . import cli, options, toolbox, verdict
from .cli import signal
from .errors import NO_MACHINE, VmError
from .runfolder import RunFolder

NAME = "tools/vm"
GDB_LIMIT = 5  # seconds until QEMU listens
ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Interrupted(BaseException):
    """One of ENDING_SIGNALS came."""


def interrupt(number, frame):
    raise Interrupted(number)


def listen_for_signals():
    for number in ENDING_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)


def announce(opts, folder, kernel):
    """Says how to attach, once QEMU listens."""
    if not opts.gdb:
        return
    deadline = time.monotonic() + GDB_LIMIT
    while not folder.has_gdb_socket() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.02)  # the file is there a moment before it is listened to
    cli.say("%s: waiting for gdb; attach with\n"
            "    gdb %s -ex 'source tools/gdb/faultline.py'\n"
            "target remote %s" % (NAME, kernel, folder.gdb_socket()))


def boot(opts, folder):
    from . import image
    if opts.command is not None:
        from . import command as way
    else:
        from . import console as way
    way.prepare(opts)
    kernel = image.prepare(opts, folder.path)
    return way.run(opts, folder.path, lambda: announce(opts, folder, kernel))


def sentence(error):
    """What ERROR is to the user; it may have lines below it."""
    if isinstance(error, VmError):
        return str(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    return cli.described(error)


def one_run(argv):
    """The verdict of a run, whatever ends it."""
    folder = None
    try:
        opts = options.parse(argv)
        folder = RunFolder(opts.gdb)
        return boot(opts, folder)
    except BrokenPipeError:
        return verdict.interrupted(signal.SIGPIPE)
    except (VmError, OSError, MemoryError) as e:
        text = sentence(e)
        cli.say("%s: %s" % (NAME, text))
        return verdict.no_machine(text)
    except Interrupted as e:
        return verdict.interrupted(e.args[0])
    finally:
        for other in ENDING_SIGNALS:
            signal.signal(other, signal.SIG_IGN)
        if folder is not None:
            folder.remove()


def status_of(argv):
    toolbox.add_to_path()
    file = options.verdict_file(argv)
    try:
        verdict.begin(file)
        listen_for_signals()
        end = one_run(argv)
        verdict.end(file, end)
    except VmError as e:
        cli.say("%s: %s" % (NAME, e))
        return NO_MACHINE
    if end.signal:
        cli.die_of(end.signal)
    return end.status


def run(argv):
    if argv in (["-h"], ["--help"]):
        cli.run(NAME, lambda: print(options.USAGE), NO_MACHINE)
    cli.hold_standard_files()
    cli.leave(status_of(argv))
