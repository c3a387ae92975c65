# SPDX-License-Identifier: MIT
"""The machine, spelled out once for each emulator.

Serial lines: COM1 is the console, COM2 carries COMMAND's frames, COM3 the
trace. The emulator runs in the run's folder, so all names are short.
"""

import os

from . import disks, files, replay, toolbox
from .errors import VmError
from .runfolder import GDB_SOCKET

CONSOLE, FRAMES, TRACE = "console", "frames", "trace"
RESETS, ERRORS = "resets", "errors"

# Status of QEMU after the kernel's write to the exit device.
QEMU_CLEAN, QEMU_PANIC, QEMU_RESET = 33, 35, 37

# 64 MiB of translations; QEMU's own choice is 1 GiB of address space, which a
# limit (ulimit -v) may not allow, and no run was faster with it
ACCEL = "tcg,tb-size=64"

BOCHSRC = """\
config_interface: textconfig
display_library: term
romimage: file={bios}
vgaromimage: file={vgabios}
megs: {megs}
cpu: model=p3_katmai, ips=10000000, reset_on_triple_fault=0
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata1: enabled=1, ioaddr1=0x170, ioaddr2=0x370, irq=15
{disk}ata1-master: type=cdrom, path=cd.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=console
com2: enabled=1, mode=file, dev=frames
com3: enabled=1, mode=file, dev=trace
sound: driver=dummy
clock: sync=none, time0=utc
panic: action=fatal
log: bochs.log
"""
BIOSES = ("/usr/share/bochs/BIOS-bochs-latest", "/usr/share/seabios/bios.bin")
VGABIOSES = ("/usr/share/vgabios/vgabios.bin",
             "/usr/share/seabios/vgabios-stdvga.bin",
             "/usr/share/bochs/VGABIOS-lgpl-latest")


def need(program, package):
    if toolbox.which(program) is None:
        raise VmError("%s is missing: run tools/setup, or apt-get install %s" %
                      (program, package))


def _qemu_clock(options):
    if not options.icount:
        return ["-rtc", "base=utc"]
    # nobody knows when a drive is through, or somebody types
    awaits = options.drives or "-drive" in options.qemu_arg or \
        options.command is None and os.isatty(0)
    sleep = "on" if awaits else "off"
    return ["-icount", "shift=0,sleep=" + sleep, "-seed", "1",
            "-rtc", "base=2026-01-01,clock=vm"]


def _qemu_boot(options):
    if options.boot == "iso" and replay.wanted(options):
        return replay.cdrom()
    if options.boot == "iso":
        return ["-cdrom", "cd.iso", "-boot", "d"]
    return ["-kernel", "kernel", "-initrd", "initrd",
            "-append", options.append]


def _qemu_serial(options):
    trace = "null" if options.trace is None else "file:" + TRACE
    if options.command is None:
        literal = options.piped or replay.wanted(options)
        console = replay.console() if literal else ["-serial", "mon:stdio"]
        return console + ["-serial", "null", "-serial", trace]
    return ["-monitor", "none", "-serial", "file:" + CONSOLE,
            "-serial", "file:" + FRAMES, "-serial", trace]


def _qemu_extra(options):
    words = []
    if options.gdb:
        words += ["-S", "-gdb", "unix:%s,server=on,wait=off" % GDB_SOCKET]
    if not {"-d", "-D"} & set(options.qemu_arg):
        words += ["-d", "cpu_reset", "-D", RESETS]
    return words + options.qemu_arg


def qemu(options):
    """The words that start QEMU for OPTIONS."""
    need("qemu-system-i386", "qemu-system-x86")
    screen = "std" if options.command is None else "none"
    return (["qemu-system-i386", "-machine", "pc", "-cpu", "qemu32",
             "-accel", ACCEL, "-smp", "1", "-no-user-config", "-nodefaults",
             "-m", "%dk" % (options.ram >> 10),
             "-display", "none", "-vga", screen, "-no-reboot",
             "-device", "isa-debug-exit,iobase=0xf4,iosize=4"] +
            _qemu_clock(options) + _qemu_boot(options) +
            _qemu_serial(options) + disks.qemu(options) +
            _qemu_extra(options))


def _first(paths, package):
    for path in paths:
        if os.path.exists(path):
            return path
    raise VmError("%s is missing: apt-get install %s" % (paths[0], package))


def bochs(options, run):
    """Writes Bochs' files into RUN; the words that start it."""
    need("bochs", "bochs bochs-term")
    files.write(os.path.join(run, "bochsrc"), BOCHSRC.format(
        bios=_first(BIOSES, "bochsbios"),
        vgabios=_first(VGABIOSES, "vgabios"),
        megs=options.ram >> 20,
        disk=disks.bochs(options)))
    files.write(os.path.join(run, "go"), "continue\n")
    return ["bochs", "-q", "-f", "bochsrc", "-rc", "go"]


def ending(status):
    """What is odd about QEMU's status, which is negative for a signal."""
    if status >= 0:
        return "the emulator's status is %d" % status
    import signal
    return "%s ended the emulator" % signal.Signals(-status).name


def command_line(options, run):
    if options.emulator == "bochs":
        return bochs(options, run)
    return qemu(options)
