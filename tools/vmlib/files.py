# SPDX-License-Identifier: MIT
"""Files that are put in place as a whole, so that two tools at work in one
tree never see half of what the other writes."""

import errno
import fcntl
import os
import stat

NO_SENDFILE = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)


def plain(path):
    """Whether PATH is a file that can be replaced, or nothing yet. What is
    behind a link, such as /dev/stdout, is not ours to replace."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except FileNotFoundError:
        return True


def _named(error, path):
    error.filename, error.filename2 = path, None
    return error


def write(path, data):
    """PATH has the bytes DATA, or those of a text in UTF-8: all or nothing. A
    device or a pipe is written to. An OSError names PATH."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogateescape")
    try:
        if plain(path):
            _replace(path, data)
        else:
            _append_to(path, data)
    except OSError as e:
        raise _named(e, path)


def _append_to(path, data):
    with open(path, "ab", buffering=0) as f:
        view = memoryview(data)
        view = view[f.write(view):]  # at least once, even if it is nothing
        while view:
            view = view[f.write(view):]


class replacing:
    """with replacing(path) as f: f is a binary file that takes the place of
    PATH when all went well, and is gone when not."""

    def __init__(self, path):
        self.path = path
        self.new = "%s.%d~" % (path, os.getpid()) if plain(path) else path

    def __enter__(self):
        try:
            self.file = open(self.new, "wb")
        except OSError as e:
            raise _named(e, self.path)
        return self.file

    def __exit__(self, kind, error, trace):
        try:
            self.file.close()
            if kind is None and self.new != self.path:
                self._put()
        except OSError as e:
            self._undo()
            raise _named(e, self.path)
        if kind is not None:
            self._undo()
        if isinstance(error, OSError) and error.filename is None:
            _named(error, self.path)

    def _put(self):
        if os.path.lexists(self.path):
            os.chmod(self.new, stat.S_IMODE(os.stat(self.path).st_mode))
        os.replace(self.new, self.path)

    def _undo(self):
        if self.new != self.path and os.path.exists(self.new):
            os.unlink(self.new)


def _replace(path, data):
    try:
        with replacing(path) as f:
            f.write(data)
    except PermissionError:
        if not os.path.exists(path):
            raise
        with open(path, "wb") as f:  # its folder may not be written
            f.write(data)


class locked:
    """with locked(path): nobody else is in there with the same PATH, beside
    which there is a file of the name PATH.lock. BlockingIOError when somebody
    is, unless it is WAITed for."""

    def __init__(self, path, wait=False):
        self.path = path + ".lock"
        self.how = fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB)

    def __enter__(self):
        self.file = open(self.path, "ab")
        fcntl.flock(self.file, self.how)

    def __exit__(self, *unused):
        self.file.close()


def is_full(folder):
    """Whether no user may write any more where FOLDER is."""
    return os.statvfs(folder).f_bavail == 0


def copy(source, target):
    """SOURCE's bytes in the new file TARGET."""
    with open(source, "rb") as f, open(target, "wb") as out:
        try:
            append(f, out)
            out.flush()
        except OSError as e:
            raise _named(e, target)


def append(f, out):
    """All of the open file F behind what OUT has; returns how much."""
    size, out_fd = 0, out.fileno()
    out.flush()
    while True:
        try:
            count = os.sendfile(out_fd, f.fileno(), None, 1 << 30)
        except OSError as e:
            if size or e.errno not in NO_SENDFILE:
                raise
            return _append_slowly(f, out)
        if count == 0:
            return size
        size += count


def _append_slowly(f, out):
    size, data = 0, f.read(1 << 20)
    while data:
        size += out.write(data)
        data = f.read(1 << 20)
    return size
