# SPDX-License-Identifier: MIT
"""Writes cpio archives of the kind "newc", the form of an initrd.

A member is a header of 110 bytes, its name, and its data:

    offset      0         110              4096 n          4096 n + size
                | header  | name NUL NUL ... | data ........ | 0 to 3 NULs |

1. The name is padded with NULs until the data begin on a page of the archive,
   so that the kernel can adopt the frames instead of copying them.
2. The archive is a function of its members: one date, inode numbers
   in the order of the members. Its length is a multiple of a page, so that
   archives can be put behind one another.
3. Hard links share an inode number; the data come with the last of them, as
   GNU cpio writes it, the others have size 0.
"""

import os
import stat

from . import files

PAGE = 4096
DATE = 1767225600  # 2026-01-01 00:00 UTC
HEADER = 110


class Member:
    """One name in the archive. PATH is bytes without a leading slash."""

    def __init__(self, path, mode, source=b"", group=None):
        self.path = path  # where it goes
        self.mode = mode  # type and permission bits
        self.source = source  # bytes, or the str path of a host file
        self.group = group  # members of one group are hard links
        self.owner = 0, 0  # uid, gid

    def size(self):
        if isinstance(self.source, bytes):
            return len(self.source)
        return os.stat(self.source).st_size


def directory(path, mode=0o755):
    return Member(path, stat.S_IFDIR | mode)


def symlink(path, target):
    return Member(path, stat.S_IFLNK | 0o777, target)


def regular(path, mode, source, group=None):
    return Member(path, stat.S_IFREG | mode, source, group)


def _header(ino, member, nlink, size, namesize):
    fields = (ino, member.mode, *member.owner, nlink, DATE, size, 0, 0, 0, 0, namesize, 0)
    return b"070701" + b"".join(b"%08X" % f for f in fields)


def _name_size(offset, path, size, aligned):
    """Bytes for the name, NULs included: data then begin on a page."""
    shortest = len(path) + 1
    if size == 0 or not aligned:
        return shortest
    end = offset + HEADER + shortest
    return -(-end // PAGE) * PAGE - offset - HEADER


class _Output:
    """A file that knows how much went into it."""

    def __init__(self, out):
        self.out = out
        self.offset = 0

    def write(self, data):
        self.out.write(data)
        self.offset += len(data)

    def pad(self, unit):
        self.write(b"\0" * (-self.offset % unit))

    def copy(self, source, size):
        if isinstance(source, bytes):
            self.write(source)
            return
        with open(source, "rb") as f:
            copied = files.append(f, self.out)
        self.offset += copied
        if copied != size:
            raise OSError("%s changed while it was copied" % source)


def _member(out, member, ino, nlink, with_data):
    size = member.size() if with_data else 0
    aligned = stat.S_ISREG(member.mode)
    namesize = _name_size(out.offset, member.path, size, aligned)
    out.write(_header(ino, member, nlink, size, namesize))
    out.write(member.path.ljust(namesize, b"\0"))
    out.pad(4)
    if with_data:
        out.copy(member.source, size)
        out.pad(4)


def write_archive(file, members):
    """Writes MEMBERS in their order, a trailer, and NULs up to a page."""
    out = _Output(file)
    names = {}  # group -> number of its members
    for m in members:
        names[m.group] = names.get(m.group, 0) + 1
    left, inode = dict(names), {}
    for number, m in enumerate(members, 1):
        if m.group is None:
            nlink = 2 if stat.S_ISDIR(m.mode) else 1
            _member(out, m, number, nlink, True)
            continue
        inode.setdefault(m.group, number)
        left[m.group] -= 1
        _member(out, m, inode[m.group], names[m.group], left[m.group] == 0)
    _member(out, Member(b"TRAILER!!!", 0), 0, 1, True)
    out.pad(PAGE)


def tree_members(folder):
    """The members below a host folder, sorted by path, without the folder.

    ValueError: something there is neither file, folder nor symbolic link.
    """
    top = os.fsencode(folder)
    members = []
    links = {}
    for parent, folders, files in os.walk(top, onerror=_raise):
        for name in folders + files:
            path = os.path.join(parent, name)
            members.append(_tree_member(path, os.path.relpath(path, top), links))
    members.sort(key=lambda m: m.path)
    return members


def _raise(error):
    raise error


def _tree_member(path, inside, links):
    info = os.lstat(path)
    mode = stat.S_IMODE(info.st_mode)
    if stat.S_ISDIR(info.st_mode):
        return directory(inside, mode)
    if stat.S_ISLNK(info.st_mode):
        return symlink(inside, os.readlink(path))
    if not stat.S_ISREG(info.st_mode):
        raise ValueError("%s is a special file" % os.fsdecode(path))
    group = (info.st_dev, info.st_ino) if info.st_nlink > 1 else None
    return regular(inside, mode, os.fsdecode(path), group)
