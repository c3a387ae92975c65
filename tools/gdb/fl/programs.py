# SPDX-License-Identifier: MIT
"""Which file has the symbols of what a process runs.

A process is asked for its program through task->mm->exe_file, as the kernel
knows it. The name leads to a file of this host: one that fl-user was given, one
in a tree that --add laid over the root, or the build's NAME.debug. It counts
only if the pages that the process has mapped hold what the file holds, so a
program never gets another one's names.
"""
import os

import gdb

from . import guest, kernel, layout, machine, pte
from .command import Sorry, say
from .elf import Elf

PAGES = 12  # compared: decides, and is quick
BRINGS = {"/.vm/init": "vminit", "/.vm/sh": "vmsh"}  # tools/vm, for COMMAND

chosen = {}  # name -> file that fl-user was given
verified = {}  # key_of() a file of the guest -> Program, or file of this host
told = set()  # mismatches that the user knows of


def forget(*unused):
    verified.clear()
    told.clear()


gdb.events.exited.connect(forget)


class Program:
    """NAME, as $_fl_in knows it; its file with symbols, or None."""

    def __init__(self, name, file):
        self.name = name
        self.file = file and os.path.realpath(file)
        elf = Elf(file) if file else None
        self.moved = elf is not None and elf.moved
        self.dynamic = elf is None or elf.dynamic
        self.elf = elf


def build_folder():
    objfile = layout.kernel_file()
    if objfile is None:
        raise Sorry("the kernel's symbols are missing: file "
                    "build-debug/kernel.elf")
    return os.path.dirname(objfile.filename)


def image_names():
    """{path in the guest: name of the program of user/bin}"""
    names = dict(BRINGS)
    try:
        with open(os.path.join(build_folder(), "initrd.list"),
                  encoding="utf-8", errors="surrogateescape") as f:
            lines = [line.strip().split(" ", 3) for line in f]
    except FileNotFoundError:
        return names
    for words in lines:
        if words[0] == "file" and len(words) == 4:
            names[words[2]] = os.path.basename(words[3])
        elif words[0] == "link" and len(words) == 3:
            names[words[1]] = os.path.basename(words[2])
    return names


def added(path):
    """The file that --add has brought to PATH of the guest, or None."""
    for tree in reversed(machine.Machine.trees):
        file = os.path.join(tree, path.lstrip("/"))
        if os.path.isfile(file):
            return file
    return None


def named(path):
    """The Program that should be at PATH of the guest."""
    name = os.path.basename(path)
    if name in chosen:
        return Program(name, chosen[name])
    file = added(path)
    if file:
        return Program(name, file if Elf(file).has_names else None)
    built = image_names().get(path, name)
    debug = os.path.join(build_folder(), "user/bin", built + ".debug")
    if os.path.isfile(debug):
        return Program(built, debug)
    return Program(name, None)


def asked_for(word):
    """The Program that a user calls WORD: one of the guest's, or a file."""
    debug = os.path.join(build_folder(), "user/bin", word + ".debug")
    name = os.path.basename(word)
    if os.path.isfile(debug):
        chosen.pop(name, None)
        return Program(name, debug)
    if not os.path.isfile(word):
        raise Sorry("there is no program %s: neither %s nor a file of this "
                    "host" % (word, debug))
    program = Program(name, word)
    chosen[name] = program.file
    forget()
    return program


def runs_file(elf, mm, inode):
    """True if the pages of INODE that MM has mapped are those of the file,
    False if one is not, None if none is there yet."""
    seen = 0
    for vma in kernel.areas(mm):
        if not vma.vm_file or vma.vm_flags & kernel.VM.WRITE or \
                layout.View("struct file", vma.vm_file).inode != inode:
            continue
        for addr, value in pte.entries(mm.pgd, vma.vm_start, vma.vm_end):
            if not value & pte.BIT.P:
                continue
            page = guest.frame(guest.KERNEL_BASE + (value & -4096))
            if not elf.has(page, vma.vm_offset + addr - vma.vm_start):
                return False
            seen += 1
            if seen == PAGES:
                return True
    return True if seen else None


def warn(path, file):
    if path not in told:
        told.add(path)
        say("The %s that runs is not that of %s: no names for it.\n" %
            (path, file))


def key_of(file):
    """What tells a file of the guest from another, or from its earlier self."""
    inode = layout.View("struct inode", file.inode)
    return (kernel.dentry_path(file.dentry), inode.ino, inode.size,
            inode["mtime.sec"], inode["mtime.nsec"], machine.Machine.number)


def exe_of(mm):
    """The open file of the program of an address space, or None."""
    return layout.View("struct file", mm.exe_file) if mm.exe_file else None


def of_mm(mm):
    """The Program of an address space, or None."""
    exe = exe_of(mm)
    if exe is None:
        return None
    key = key_of(exe)
    if key in verified:
        return verified[key]
    program = named(key[0])
    right = runs_file(program.elf, mm, exe.inode) if program.file else True
    if right is False:
        warn(key[0], program.file)
        program = Program(key[0], None)
    if right is not None:
        verified[key] = program
    return program


def of_task(task):
    return of_mm(kernel.mm_of(task)) if task.mm else None


def library(file, mm):
    """The file of this host that an open FILE of the guest is, or None."""
    key = key_of(file)
    if key in verified:
        return verified[key]
    name = os.path.basename(key[0])
    path = added(key[0]) or os.path.join(build_folder(), "user/lib", name)
    path = os.path.realpath(path)
    right = ".so" in name and os.path.isfile(path) and \
        runs_file(Elf(path), mm, file.inode)
    if right is not None:
        verified[key] = path if right else None
    return None if right is False else path


def bases(mm):
    """{inode: (where its first page is mapped, open file)}"""
    found = {}
    for vma in kernel.areas(mm):
        if vma.vm_file and not vma.vm_offset:
            file = layout.View("struct file", vma.vm_file)
            found.setdefault(file.inode, (vma.vm_start, file))
    return found


def files_of(program, mm):
    """{file with symbols: how far it is moved} of a process."""
    if program.file and not program.moved and not program.dynamic:
        return {program.file: 0}
    found, exe, mapped = {}, exe_of(mm).inode, bases(mm)
    if program.file and not program.moved:
        found[program.file] = 0
    elif program.file and exe in mapped:
        found[program.file] = mapped[exe][0]
    for inode, (base, file) in mapped.items():
        path = library(file, mm) if inode != exe else None
        if path:
            found[path] = base
    return found
