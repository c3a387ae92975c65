#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The GRUB ISO: the same byte for byte, and its menu's three entries."""

import filecmp
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from machine import Machine, Missed
from tap import BUILD, done, ok, run, skip_all

DOWN = "\016"
ENTRIES = (  # keys at the menu, what the console says then
    ("\r", "name: k age 29;", "normal: testwrite and testread have run"),
    (DOWN + "\r", "shm_page", "verbose: the trace's events are in the log"),
    (DOWN + DOWN + "\r", "selftest ok", "self-test"),
)


def make_twice():
    with tempfile.TemporaryDirectory() as folder:
        for name in "12":
            path = os.path.join(folder, name)
            shutil.copy(BUILD + "/initrd", path + ".initrd")
            made = run("tools/mkiso", "-o", path + ".iso", "--kernel",
                       BUILD + "/kernel.elf", "--initrd", path + ".initrd",
                       "--grub-cfg", "boot/grub.cfg")
            ok(made.returncode == 0, "ISO %s is made" % name, made.stderr)
            if made.returncode:
                return
        ok(filecmp.cmp(folder + "/1.iso", folder + "/2.iso", False),
           "twice the same bytes")


def choose(keys, wanted, name):
    try:
        with Machine(["--boot", "iso"]) as m:
            m.serial.expect("Faultline")
            m.serial.expect("self-test")
            m.serial.type(keys)
            m.serial.expect(wanted)
        ok(True, name)
    except Missed as e:
        ok(False, name, e)


for tool in "grub-mkimage", "xorriso":
    if not shutil.which(tool):
        skip_all("%s is not installed" % tool)
make_twice()
for entry in ENTRIES:
    choose(*entry)
sys.exit(done())
