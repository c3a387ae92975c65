# SPDX-License-Identifier: MIT
"""Everything gdb knows about Faultline:  source tools/gdb/faultline.py

The commands are in fl/, a family a file; `help faultline` lists them. They
read the machine's memory through gdb's own connection, so they work wherever
gdb is attached: live and stopped, after a panic, in a replay.
"""
import os
import sys

import gdb

HERE = os.path.dirname(os.path.abspath(__file__))

SETTINGS = """\
set pagination off
set confirm off
set disassembly-flavor intel
set print entry-values no
set print frame-arguments all
set python print-stack none
set history save off
set breakpoint pending off
set trust-readonly-sections on
set remotetimeout 30
set tcp auto-retry on
set tcp connect-timeout 10
"""


def load():
    for line in SETTINGS.splitlines():
        gdb.execute(line, to_string=True)
    if sys.flags.utf8_mode:  # Python takes the locale C for UTF-8; gdb as well
        gdb.execute("set host-charset UTF-8", to_string=True)
    if gdb.selected_inferior().pid == 0:
        try:
            gdb.execute("set architecture i386", to_string=True)
        except gdb.error:
            raise gdb.GdbError("this gdb knows no i386: apt-get install "
                               "gdb-multiarch, and start gdb-multiarch")
    sys.dont_write_bytecode = True
    if HERE not in sys.path:
        sys.path.insert(0, HERE)
    import fl
    fl.load()


load()
