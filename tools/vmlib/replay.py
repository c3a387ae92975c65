# SPDX-License-Identifier: MIT
"""Machines that are recorded and replayed: tools/record, docs/gdb.md.

A recorded machine has rr=record or rr=replay in its -icount word. Then every
disk goes through blkreplay, which notes when a request was answered, and the
console cannot share its line with QEMU's monitor.
"""

PIPED = "console.eof=poweroff"  # see relay.py; a replay needs the same words
# vapic: QEMU 7.2 deadlocks when it takes a machine back in time with it
NO_VAPIC = ["-global", "apic-common.vapic=off"]
CLOCK = "shift=7,rr=%s,rrfile=%s,rrsnapshot=init"
SNAPSHOTS = "rr.qcow2"  # holds them; the guest does not see it
EVENTS = "rr.bin"
SWAP, OVERLAY = "swap", "swap.qcow2"
FILES = (SNAPSHOTS, EVENTS, SWAP, OVERLAY)  # those that QEMU has open


def wanted(options):
    return any(",rr=" in word for word in options.qemu_arg)


def cdrom():
    """cd.iso as a CD whose answers are replayed."""
    return ["-drive", "file=cd.iso,if=none,format=raw,readonly=on,id=cd",
            "-drive", "driver=blkreplay,if=none,image=cd,id=cdr,read-only=on",
            "-device", "ide-cd,drive=cdr", "-boot", "d"]


def console():
    """Standard input and output as they are, no monitor behind Ctrl-A."""
    return ["-chardev", "stdio,id=tty,signal=off", "-serial", "chardev:tty",
            "-monitor", "none"]


def words(folder, mode, swap):
    """What QEMU is given beside the machine itself; FOLDER is absolute."""
    folder = folder.replace(",", ",,")  # else a comma ends QEMU's value
    said = NO_VAPIC + [
        "-icount", CLOCK % (mode, "%s/%s" % (folder, EVENTS)),
        "-drive", "file=%s/%s,if=none,id=rr" % (folder, SNAPSHOTS)]
    if swap:
        said += ["-drive", "file=%s/%s,format=qcow2,if=none,id=swap" %
                 (folder, OVERLAY),
                 "-drive", "driver=blkreplay,if=none,image=swap,id=swapr",
                 "-device", "ide-hd,drive=swapr,bus=ide.0"]
    return said
