# SPDX-License-Identifier: MIT
"""The folder of one run, in TMPDIR if that can be written, or /tmp.

    faultline-run-HOST-RANDOM     a directory, locked (flock) by its tools/vm

A tools/vm that is killed leaves its folder, but not the lock: whoever starts
next removes it. The emulator is dead by then, see child.py.
"""

import binascii
import fcntl
import os
import stat

from .errors import VmError

GDB_SOCKET = "gdb.sock"
MAX_SOCKET = 107  # bytes of a name in sockaddr_un
PLACES = ("/tmp", "/var/tmp")
LINK = "run"


def _prefix():
    """With the host, since a lock may be seen on one host only."""
    host = os.fsencode(os.uname().nodename)
    return "faultline-run-%08x-" % binascii.crc32(host)


def _lock(path):
    """A descriptor that holds the lock of the folder, or None."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return fd
    except OSError:
        os.close(fd)
        return None


def remove_tree(path):
    """What can be removed of it."""
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    remove_tree(entry.path)
                else:
                    os.unlink(entry.path)
        os.rmdir(path)
    except OSError:
        pass


def _is_ours(path):
    try:
        info = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(info.st_mode) and info.st_uid == os.geteuid()


def sweep(parent):
    """Removes the folders there whose tools/vm was killed."""
    prefix = _prefix()
    try:
        names = os.listdir(parent)
    except OSError:
        return  # a folder that may be written need not be readable
    for name in names:
        path = os.path.join(parent, name)
        if not name.startswith(prefix) or not _is_ours(path):
            continue
        lock = _lock(path)
        if lock is not None:
            remove_tree(path)
            os.close(lock)


def _place(*wanted):
    """The first folder of WANTED and PLACES that may be written."""
    for path in wanted + PLACES:
        if path and os.path.isdir(path) and \
                os.access(path, os.W_OK | os.X_OK):
            return os.path.abspath(path)
    raise VmError("no folder for temporary files can be written: set TMPDIR")


def _new(parent):
    """A new folder in PARENT, and its lock."""
    while True:
        path = os.path.join(parent, _prefix() + os.urandom(4).hex())
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            continue
        lock = _lock(path)
        # between the two a sweep may have taken it for one without owner
        if lock is not None and os.path.exists(path):
            return path, lock


class RunFolder:
    """PATH is the folder."""

    def __init__(self, with_gdb):
        self.folders = []  # (path, lock)
        self._add(_place(os.environ.get("TMPDIR")))
        self.path = self.reached = self.folders[0][0]
        if with_gdb and len(os.fsencode(self.gdb_socket())) > MAX_SOCKET:
            self._shorten()

    def _add(self, parent):
        sweep(parent)
        self.folders.append(_new(parent))

    def _shorten(self):
        self._add(_place())
        self.reached = os.path.join(self.folders[1][0], LINK)
        os.symlink(self.path, self.reached)

    def gdb_socket(self):
        return os.path.join(self.reached, GDB_SOCKET)

    def has_gdb_socket(self):
        return os.path.exists(self.gdb_socket())

    def remove(self):
        for path, lock in self.folders:
            remove_tree(path)
            os.close(lock)
