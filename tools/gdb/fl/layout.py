# SPDX-License-Identifier: MIT
"""Structures of the kernel: where each member lies is asked of gdb once.

    task = View("struct task", 0xc3fd4000)
    task.pid, task["cred.uid"], task.at("tasks")      value, value, address
"""
import struct

import gdb

from . import guest
from .command import Sorry

FORMS = {1: "B", 2: "H", 4: "I", 8: "Q"}
SIGNED = {1: "b", 2: "h", 4: "i", 8: "q"}

layouts = {}
symbols = {}
enums = {}


def forget(*unused):
    layouts.clear()
    symbols.clear()
    enums.clear()


gdb.events.new_objfile.connect(forget)
gdb.events.clear_objfiles.connect(forget)


def kernel_file():
    """gdb's object for the kernel's symbols, or None."""
    try:
        return gdb.lookup_objfile("kernel.elf")
    except ValueError:
        return None


class Layout:
    """Members by name, those of inner structures as outer.inner."""

    def __init__(self, name):
        try:
            kind = gdb.lookup_type(name).strip_typedefs()
        except gdb.error:
            raise Sorry("the symbols know no %s: is this Faultline's "
                        "kernel.elf?" % name)
        self.name = name
        self.size = kind.sizeof
        self.offset = {}  # member -> bytes from the start
        self.form = {}  # member -> format of struct, scalars only
        self.add(kind, 0, "")

    def add(self, kind, base, prefix):
        for field in kind.fields():
            at = base + field.bitpos // 8
            inner = field.type.strip_typedefs()
            if inner.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
                if field.name:
                    self.offset[prefix + field.name] = at
                self.add(inner, at, prefix + field.name + "."
                         if field.name else prefix)
                continue
            self.offset[prefix + field.name] = at
            if inner.sizeof in FORMS and inner.code != gdb.TYPE_CODE_ARRAY:
                forms = SIGNED if signed(inner) else FORMS
                self.form[prefix + field.name] = "<" + forms[inner.sizeof]


def signed(kind):
    return kind.code == gdb.TYPE_CODE_INT and kind.is_signed


def layout(name):
    if name not in layouts:
        layouts[name] = Layout(name)
    return layouts[name]


class View:
    """One structure in the machine, read when it is made."""

    def __init__(self, name, addr):
        self._layout = layout(name)
        self.addr = addr
        self._data = guest.read(addr, self._layout.size)

    def __getitem__(self, member):
        form = self._layout.form[member]
        return struct.unpack_from(form, self._data,
                                  self._layout.offset[member])[0]

    def __getattr__(self, member):
        try:
            return self[member]
        except KeyError:
            raise AttributeError("%s has no %s" % (self._layout.name, member))

    def has(self, member):
        return member in self._layout.offset

    def at(self, member):
        """The address of MEMBER."""
        return self.addr + self._layout.offset[member]

    def text(self, member, size):
        start = self._layout.offset[member]
        return self._data[start:start + size].split(b"\0")[0].decode("latin-1")


def offset(name, member):
    return layout(name).offset[member]


def size(name):
    return layout(name).size


def find(name):
    """The address of a variable or function, or None. FILE::NAME tells
    static ones apart."""
    if name not in symbols:
        file, _, member = name.rpartition("::")
        try:
            value = gdb.parse_and_eval("&'%s'::%s" % (file, member) if file
                                       else "&'%s'" % name)
            symbols[name] = int(value) & 0xffffffff
        except gdb.error:
            symbols[name] = None
    return symbols[name]


def address_of(name):
    addr = find(name)
    if addr is None:
        raise Sorry("the kernel's symbols are missing (no %s): "
                    "file build-debug/kernel.elf" % name)
    return addr


def variable(name):
    """The value of a variable of 32 bits."""
    return guest.u32(address_of(name))


def enum(name):
    """{value: name} of an enum."""
    if name not in enums:
        enums[name] = {f.enumval: f.name
                       for f in gdb.lookup_type(name).fields()}
    return enums[name]


def function_at(addr):
    """The name of the function that holds ADDR, with the offset, or ""."""
    words = gdb.execute("info symbol 0x%x" % addr, to_string=True).split()
    if words[:2] == ["No", "symbol"]:
        return ""
    return words[0]
