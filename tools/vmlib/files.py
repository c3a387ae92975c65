# SPDX-License-Identifier: MIT
"""Files that are put in place as a whole, so that two tools at work in one
tree never see half of what the other writes."""

import errno
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
            with open(path, "ab", buffering=0) as f:
                write_whole(f, data)
    except OSError as e:
        raise _named(e, path)


def write_whole(file, data):
    """What an unbuffered FILE takes may be less than it is given."""
    view = memoryview(data)
    view = view[file.write(view):]
    while view:
        view = view[file.write(view):]


def _replace(path, data):
    new = "%s.%d~" % (path, os.getpid())
    try:
        with open(new, "wb") as f:
            f.write(data)
        if os.path.lexists(path):
            os.chmod(new, stat.S_IMODE(os.stat(path).st_mode))
        os.replace(new, path)
    except BaseException:
        if os.path.exists(new):
            os.unlink(new)
        raise


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
