# SPDX-License-Identifier: MIT
"""Structures of the kernel: where each member lies is asked of gdb once.

    task = View("struct task", 0xc3fd4000)
    task.pid, task["cred.uid"], task.at("tasks")      value, value, address
"""
import os
import re
import struct

import gdb

from . import guest
from .command import Sorry

FORMS = {1: "B", 2: "H", 4: "I", 8: "Q"}
SIGNED = {1: "b", 2: "h", 4: "i", 8: "q"}

KERNEL = "kernel.elf"
NAMED = re.compile(r"<(.+?)(?:\+\d+)?>\Z")  # behind an address

layouts = {}
symbols = {}
enums = {}
all_names = []  # every Names


def forget(*unused):
    layouts.clear()
    symbols.clear()
    enums.clear()
    for names in all_names:
        names.forget()


def on_symbols(event):
    if is_kernel(event.new_objfile):
        forget()


gdb.events.new_objfile.connect(on_symbols)
gdb.events.clear_objfiles.connect(forget)


def is_kernel(objfile):
    return os.path.basename(objfile.filename or "") == KERNEL


def kernel_file():
    """gdb's object for the kernel's symbols, or None."""
    try:
        return gdb.lookup_objfile(KERNEL)
    except ValueError:
        return None


def kernel_block():
    """A scope in which the kernel's types come before a program's."""
    objfile = kernel_file()
    symbol = objfile and objfile.lookup_global_symbol("all_tasks")
    return symbol.symtab.static_block() if symbol else None


def type_of(name):
    block = kernel_block()
    return gdb.lookup_type(name, block) if block else gdb.lookup_type(name)


class Layout:
    """Members by name, those of inner structures as outer.inner."""

    def __init__(self, name):
        try:
            kind = type_of(name).strip_typedefs()
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
        pointer = pointer_to(name)
        symbols[name] = None if pointer is None else \
            int(pointer) & 0xffffffff
    return symbols[name]


def kernel_symbol(name):
    objfile = kernel_file()
    return objfile and (objfile.lookup_global_symbol(name) or
                        objfile.lookup_static_symbol(name))


def spec(name):
    """Where the kernel's function NAME begins, for a breakpoint: a program may
    have one of that name."""
    symbol = kernel_symbol(name)
    if not symbol:
        return "*0x%x" % address_of(name)
    return "-source %s -function %s" % (symbol.symtab.filename, name)


def pointer_to(name):
    """gdb's value &NAME, or None. A program may have a symbol of that name: the
    kernel's file is asked first, and gdb at large for what has no more than a
    name (assembly)."""
    file, _, member = name.rpartition("::")
    symbol = None if file else kernel_symbol(name)
    try:
        return symbol.value().address if symbol else gdb.parse_and_eval(
            "&'%s'::%s" % (file, member) if file else "&'%s'" % name)
    except gdb.error:
        return None


def address_of(name):
    addr = find(name)
    if addr is not None:
        return addr
    if kernel_file() is None:
        raise Sorry("the kernel's symbols are missing: "
                    "file build-debug/kernel.elf")
    raise Sorry("this kernel has no %s" % name)


def function(name):
    """The address of a function of the kernel that the user has named."""
    address_of("all_tasks")
    pointer = pointer_to(name)
    if pointer is None or int(pointer) & 0xffffffff < guest.KERNEL_BASE or \
            pointer.type.target().code != gdb.TYPE_CODE_FUNC:
        raise Sorry("the kernel has no function %s" % name)
    return int(pointer) & 0xffffffff


def variable(name):
    """The value of a variable of 32 bits."""
    return guest.u32(address_of(name))


def enum(name):
    """{value: name} of an enum."""
    if name not in enums:
        enums[name] = {f.enumval: f.name for f in type_of(name).fields()}
    return enums[name]


class Names:
    """The enumerators PREFIX... of an enum as attributes: PG.DIRTY."""

    def __init__(self, name, prefix):
        self._enum = name
        self._prefix = prefix
        all_names.append(self)

    def __getattr__(self, member):
        fields = {f.name: f.enumval for f in type_of(self._enum).fields()}
        if self._prefix + member not in fields:
            raise Sorry("this kernel has no %s%s" % (self._prefix, member))
        value = self.__dict__[member] = fields[self._prefix + member]
        return value

    def forget(self):
        for member in [m for m in self.__dict__ if m[0] != "_"]:
            del self.__dict__[member]


def function_at(addr):
    """The name of the function that holds ADDR, or ""."""
    shown = gdb.Value(addr).cast(gdb.lookup_type("char").pointer().pointer())
    found = NAMED.search(shown.format_string(symbols=True))
    return found.group(1) if found else ""
