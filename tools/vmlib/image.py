# SPDX-License-Identifier: MIT
"""Puts together what a machine boots, in the run's own folder.

The names in the folder are constant, since some of them reach the guest:

    kernel    link to the built kernel
    initrd    the built initrd, and behind it a second archive that holds the
              --add trees and, below /.vm, COMMAND and what runs it
    cd.iso    kernel and initrd with GRUB, for --boot iso
    disk0..   links to the --disk images; swap: the blank one of --swap
"""

import os
import struct

from . import disks, files, newc
from .cli import described
from .errors import VmError

HEADROOM = 2 << 20  # page frames' table, page tables, first program
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def build_folder(debug):
    """Where make put kernel and initrd: FAULTLINE_BUILD, or for DEBUG the
    debug build if there is one."""
    chosen = os.environ.get("FAULTLINE_BUILD")
    folder = os.path.join(ROOT, chosen or "build")
    if debug and not chosen and os.path.exists(folder + "-debug/kernel.elf"):
        return folder + "-debug"
    return folder


def built(folder, name, target="make"):
    path = os.path.join(folder, name)
    if not os.path.isfile(path):
        raise VmError("%s is missing: run %s first" %
                      (os.path.relpath(path, ROOT), target))
    return path


def kernel_end(path):
    """The first physical byte behind the kernel, from its ELF headers."""
    with open(path, "rb") as f:
        data = f.read(4096)
    if data[:5] != b"\x7fELF\x01" or len(data) < 52:
        raise VmError("%s is no 32-bit ELF file" % path)
    start, = struct.unpack_from("<I", data, 28)
    size, count = struct.unpack_from("<HH", data, 42)
    end = 0
    for at in range(start, start + size * count, size):
        kind, _, _, paddr, _, memsz = struct.unpack_from("<6I", data, at)
        if kind == 1:
            end = max(end, paddr + memsz)
    return end


def check_ram(ram, kernel, initrd):
    """QEMU would say nothing and load over the end of memory."""
    needed = kernel_end(kernel) + os.path.getsize(initrd) + HEADROOM
    if needed > ram:
        raise VmError("--ram is too small: this kernel and initrd need %dM" %
                      -(-needed // (1 << 20)))


def added(folder):
    """The members of one --add tree; /.vm belongs to tools/vm."""
    if not os.path.isdir(folder):
        raise VmError("--add: %s is no folder" % folder)
    try:
        members = newc.tree_members(folder)
    except ValueError as e:
        raise VmError("--add: %s" % e)
    except OSError as e:
        raise VmError("--add: " + described(e))
    return [m for m in members if m.path.split(b"/")[0] != b".vm"]


def command_members(folder, command):
    return [
        newc.directory(b".vm"),
        newc.regular(b".vm/command", 0o644, command + b"\n"),
        newc.regular(b".vm/init", 0o755, built(folder, "user/bin/vminit")),
        newc.regular(b".vm/sh", 0o755, built(folder, "user/bin/vmsh")),
    ]


def make_initrd(path, options, folder):
    base = built(folder, "initrd")
    members = [m for tree in options.add for m in added(tree)]
    if options.command is not None:
        members += command_members(folder, options.command)
    if not members:
        os.symlink(base, path)
        return
    files.copy(base, path)
    try:
        with open(path, "r+b") as out:
            out.seek(0, os.SEEK_END)
            newc.write_archive(out, members)
    except OSError as e:
        e.filename = e.filename or path
        raise


def make_cd(path, options, folder, kernel, initrd):
    menu = not (options.add or options.append or options.command is not None)
    if menu:
        os.symlink(built(folder, "faultline.iso", "make iso"), path)
        return
    from . import iso
    try:
        iso.make_iso(path, kernel, initrd, iso.DIRECT_CFG % options.append)
    except iso.ToolError as e:
        raise VmError(str(e))


def prepare(options, run):
    """Fills the folder RUN for OPTIONS; returns the kernel's path."""
    folder = build_folder(options.gdb)
    kernel = built(folder, "kernel.elf")
    initrd = os.path.join(run, "initrd")
    make_initrd(initrd, options, folder)
    disks.prepare(options, run)
    check_ram(options.ram, kernel, initrd)
    os.symlink(kernel, os.path.join(run, "kernel"))
    if options.boot == "iso":
        make_cd(os.path.join(run, "cd.iso"), options, folder, kernel, initrd)
    return kernel
