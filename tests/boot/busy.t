#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Four processes write and read shared memory of four times RAM; a command
typed meanwhile is answered within 300 million instructions.

With --icount the kernel's tick counter counts ten million instructions each;
it is read from the machine's memory, so nothing in the machine is disturbed.
"""

import os
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from machine import ROOT, Machine, Missed

PROMPT = r"faultline:\S*# \Z"
KERNEL = os.path.join(os.environ.get("FAULTLINE_BUILD",
                                     os.path.join(ROOT, "build")), "kernel.elf")
KERNEL_BASE, TICK = 0xC0000000, 10  # million instructions
LIMIT = 300
TIMES = 4
count = failed = 0


def ok(good, name, note=""):
    global count, failed
    count += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", count, name), flush=True)
    for line in str(note).split("\n") if note and not good else []:
        print("# " + line)


def build(folder):
    """Status of the compiler; the program is /t/quad."""
    os.mkdir(os.path.join(folder, "t"))
    return subprocess.call(
        [os.path.join(HERE, "../../tools/guestcc"), "-static", "-O1",
         "-std=gnu11", "-o",
         os.path.join(folder, "t/quad"), os.path.join(HERE, "progs/quad.c")])


def symbol(name):
    for line in subprocess.check_output(["nm", KERNEL], text=True).split("\n"):
        words = line.split()
        if len(words) == 3 and words[2] == name:
            return int(words[0], 16)
    raise Missed("no symbol " + name)


class Clock:
    """The kernel's ticks, read from physical memory."""

    def __init__(self, m):
        self.m, self.at = m, symbol("ticks") - KERNEL_BASE
        self.file = os.path.join(m.folder, "ticks")

    def millions(self):
        self.m.monitor.call("pmemsave", val=self.at, size=4,
                            filename=self.file)
        with open(self.file, "rb") as f:
            return struct.unpack("<I", f.read())[0] * TICK


def run(m):
    clock, answers = Clock(m), []
    m.serial.expect(PROMPT)
    m.serial.type("/t/quad &\r")
    m.serial.expect(PROMPT)
    while len(answers) < TIMES:
        m.serial.pump(0.3)  # it works in the meantime
        before = clock.millions()
        m.serial.type("echo answer $((%d + 40)); ls -d /bin\r" % len(answers))
        m.serial.expect(r"^answer %d\n/bin\n" % (len(answers) + 40))
        answers.append(clock.millions() - before)
    busy = "read back" not in m.serial.text
    ok(busy, "four processes are at it meanwhile", m.serial.text)
    ok(max(answers) <= LIMIT, "a command is answered within %d million "
       "instructions" % LIMIT, answers)
    print("# million instructions: %s" % answers)
    m.serial.expect(r"quad: read back.*\n", 150)
    ok("written, 0 of 4 went wrong" in m.serial.text and
       "read back, 0 of 4 went wrong" in m.serial.text,
       "every byte is right", m.serial.text)
    # The example of /etc/rc has left its segment.
    m.serial.type("cat /proc/check; ipcs -mu | grep Swap; poweroff\r")
    m.serial.expect(r"ipc ok: 1 segments, 1 pages")
    successes = int(m.serial.expect(r"attempts\s+(\d+) successes").group(1))
    ok(successes > 12000, "most of it was in swap", successes)
    m.power_off()


def main():
    with tempfile.TemporaryDirectory() as folder:
        if build(folder):
            print("1..0 # SKIP gcc -m32 cannot build programs here")
            return
        try:
            with Machine(["--icount", "--ram", "16M", "--swap", "128M",
                          "--add", folder]) as m:
                run(m)
        except (Missed, OSError) as e:
            ok(False, "the machine answers", e)
    print("1..%d" % count)
    sys.exit(failed != 0)


main()
