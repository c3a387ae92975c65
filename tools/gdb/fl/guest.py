# SPDX-License-Identifier: MIT
"""Memory of the machine.

Whole frames are read through the kernel's direct map (0xC0000000 + physical)
and kept until the machine moves or somebody writes to it, so a command that
walks a thousand areas asks the machine for some thirty frames.
"""
import struct

import gdb

from .command import Sorry

KERNEL_BASE = 0xC0000000
PAGE = 4096

frames = {}  # address of a frame -> its 4096 bytes
count = {"reads": 0, "bytes": 0}  # asked of the machine, for tests


def forget(*unused):
    frames.clear()


for event in ("cont", "stop", "memory_changed", "inferior_call", "exited",
              "new_objfile", "register_changed"):
    getattr(gdb.events, event).connect(forget)


def fetch(addr, size):
    """SIZE bytes at ADDR, straight from the machine."""
    count["reads"] += 1
    count["bytes"] += size
    try:
        return bytes(gdb.selected_inferior().read_memory(addr, size))
    except gdb.MemoryError:
        raise Sorry("a wild pointer: there is no memory at %08x" % addr)


def prefetch(addr, size):
    """Brings many frames with one question."""
    first, end = addr & -PAGE, (addr + size + PAGE - 1) & -PAGE
    if all(at in frames for at in range(first, end, PAGE)):
        return
    data = fetch(first, end - first)
    for at in range(first, end, PAGE):
        frames[at] = data[at - first:at - first + PAGE]


def frame(addr):
    """The bytes of the frame that holds ADDR."""
    base = addr & -PAGE
    if base not in frames:
        if not KERNEL_BASE <= base < 1 << 32:
            raise Sorry("a wild pointer: %08x is no address of the kernel" %
                        addr)
        frames[base] = fetch(base, PAGE)
    return frames[base]


def read(addr, size):
    offset = addr & (PAGE - 1)
    data = frame(addr)[offset:offset + size]
    while len(data) < size:
        data += frame(addr + len(data))[:size - len(data)]
    return data


def unpack(form, addr):
    return struct.unpack("<" + form, read(addr, struct.calcsize("<" + form)))


def u32(addr):
    offset = addr & (PAGE - 1)
    if offset <= PAGE - 4:
        return struct.unpack_from("<I", frame(addr), offset)[0]
    return unpack("I", addr)[0]


def words(addr, n):
    return unpack("%dI" % n, addr)


def text(addr, limit=256):
    """The C string at ADDR; "" for NULL."""
    if not addr:
        return ""
    data = b""
    while len(data) < limit and b"\0" not in data:
        data += read(addr + len(data), PAGE - (addr + len(data)) % PAGE)
    return data.split(b"\0")[0][:limit].decode("latin-1")


def register(name):
    """A register of the processor, whatever frame is selected."""
    value = gdb.newest_frame().read_register(name)
    return int(value.cast(gdb.lookup_type("long"))) & 0xffffffff


def on_paging():
    return register("cr0") >> 31
