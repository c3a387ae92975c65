#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The GRUB ISO: the same byte for byte, from a disk and a stick, too, and its
menu's three entries."""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from machine import Machine, Missed
from tap import CLOCK, BUILD, done, ok, skip_all, vm

DOWN, ENTER = "\016", "\r"  # Ctrl-N, as GRUB's menu has it
ENTRIES = (
    (ENTER, "name: k age 29;", "normal: testwrite and testread have run"),
    (DOWN + ENTER, "fault_exit", "verbose: the trace's events are in the log"),
    (DOWN + DOWN + ENTER, "selftest ok", "self-test"),
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


def without_files(folder):
    """FOLDER is the build from here on, with an empty initrd: GRUB is quick."""
    for name in ("kernel.elf", "user"):
        os.symlink(os.path.abspath(os.path.join(BUILD, name)),
                   os.path.join(folder, name))
    with open(os.path.join(folder, "list"), "w", encoding="utf-8") as f:
        f.write("dir 755 /bin\n")
    subprocess.check_call(["tools/mkinitrd", "-o",
                           os.path.join(folder, "initrd"), f.name])
    os.environ["FAULTLINE_BUILD"] = folder


def too_old():
    """A processor without cmov."""
    run = vm("--boot", "iso", "--qemu-arg=-cpu", "--qemu-arg=pentium",
             "--", "true")
    ok((run.returncode, run.stderr.strip()) ==
       (125, "kernel panic: this processor has no cmov; "
        "Faultline needs a Pentium Pro or newer"),
       "a processor that is too old", run)


def starts_from(name, *words):
    """The image of this run as the disk that WORDS make, and as no CD."""
    words = ("-drive", "file=cd.iso,if=none,id=image,format=raw,snapshot=on",
             *words, "-boot", "strict=on")
    run = vm("--boot", "iso", *["--qemu-arg=" + word for word in words],
             "--", "true")
    ok(run.returncode == 0, "from " + name, run)


def choose(keys, wanted, name):
    """KEYS are typed at the menu; the console says WANTED then."""
    try:
        clock = [word.replace("off", "on") for word in CLOCK]  # typed into
        with Machine(["--boot", "iso", *clock]) as m:
            m.serial.expect("Faultline")
            m.serial.expect("self-test")
            m.serial.type(keys)
            m.serial.expect(wanted)
        ok(True, name)
    except Missed as e:
        ok(False, name, e)


for tool in ("grub-mkimage", "xorriso"):
    if not shutil.which(tool):
        skip_all("%s is not installed" % tool)
with tempfile.TemporaryDirectory() as scratch:
    ok(made(1, scratch) == made(2, scratch), "twice the same bytes")
    without_files(scratch)
    too_old()
    starts_from("a hard disk",
                "-device", "ide-hd,drive=image,bus=ide.0,bootindex=0")
    starts_from("a USB stick", "-device", "nec-usb-xhci", "-device",
                "usb-storage,drive=image,bootindex=0")
    os.environ["FAULTLINE_BUILD"] = BUILD
for entry in ENTRIES:
    choose(*entry)
sys.exit(done())
