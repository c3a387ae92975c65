# SPDX-License-Identifier: MIT
"""The files for what a machine prints: gdb.out and gdb.log of the build folder,
or gdb-2.out and gdb-2.log while another gdb has those, and so on. They are
kept when gdb ends; then the next one may take them.
"""
import fcntl
import itertools
import os

from .command import Sorry


def lock(file):
    """Takes FILE for this process and its children; False: somebody has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass  # a file system without locks
    return True


class Outputs:
    """file is open and taken, name is its name; log is that of the log."""

    def __init__(self, folder):
        self.folder = folder
        for number in itertools.count(1):
            stem = os.path.join(folder, "gdb" if number == 1 else
                                "gdb-%d" % number)
            self.name, self.log = stem + ".out", stem + ".log"
            if self.take():
                return

    def take(self):
        try:
            self.file = open(self.name, "ab")
        except OSError as e:
            raise Sorry("cannot write %s: %s" % (self.name, e.strerror))
        if not lock(self.file):
            self.file.close()
            return False
        self.file.truncate(0)
        return True

    def close(self):
        self.file.close()
