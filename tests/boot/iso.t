#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The GRUB ISO: the same byte for byte, and its menu's three entries."""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from machine import Machine, Missed
from tap import BUILD, done, ok, skip_all

DOWN, ENTER = "\016", "\r"  # Ctrl-N, as GRUB's menu has it
ENTRIES = (
    (ENTER, r"name: k age 29;", "normal: testwrite and testread have run"),
    (DOWN + ENTER, r"shm_page", "verbose: the trace's events are in the log"),
    (DOWN + DOWN + ENTER, r"selftest ok", "self-test"),
)


def made(number, folder):
    """The bytes of an ISO, made from a copy of the initrd."""
    initrd, iso = (os.path.join(folder, "%s%d" % (name, number))
                   for name in ("initrd", "iso"))
    shutil.copy(os.path.join(BUILD, "initrd"), initrd)
    status = subprocess.call(
        ["tools/mkiso", "-o", iso, "--kernel",
         os.path.join(BUILD, "kernel.elf"), "--initrd", initrd,
         "--grub-cfg", "boot/grub.cfg"])
    ok(status == 0, "ISO %d is made" % number)
    with open(iso, "rb") as f:
        return f.read()


def too_old():
    """A processor without cmov, from the ISO."""
    run = subprocess.run(
        ["tools/vm", "--boot", "iso", "--qemu-arg=-cpu",
         "--qemu-arg=pentium", "--", "true"], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    ok((run.returncode, run.stderr.strip()) ==
       (125, "kernel panic: this processor has no cmov; "
        "Faultline needs a Pentium Pro or newer"),
       "a processor that is too old", run)


def choose(keys, pattern):
    """Types KEYS at the menu; what is wrong with what follows."""
    with Machine(["--boot", "iso"]) as m:
        try:
            m.serial.expect("self-test")
            ok("Faultline" in m.serial.text,
               "the menu is on the serial line")
            m.serial.type(keys)
            m.serial.expect(pattern)
        except Missed as e:
            return str(e)
    return ""


for tool in ("grub-mkimage", "xorriso"):
    if not shutil.which(tool):
        skip_all("%s is not installed" % tool)
with tempfile.TemporaryDirectory() as scratch:
    ok(made(1, scratch) == made(2, scratch), "twice the same bytes")
too_old()
for typed, wanted, what in ENTRIES:
    wrong = choose(typed, wanted)
    ok(not wrong, what, wrong)
sys.exit(done())
