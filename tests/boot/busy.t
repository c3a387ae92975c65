#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Four processes write and read shared memory of four times RAM; a command
typed meanwhile is answered before 300 million instructions are executed.

QEMU counts them. The time it waits for the disk is not among them, since the host
decides about that; those it executes until this program has read the answer are,
so the limit is ten times what an answer takes.
"""

import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from machine import Machine, Missed
from tap import done, ok, skip_all

PROMPT = r"faultline:\S*# \Z"
LIMIT = 300  # million instructions
TIMES = 4
WORK = 15  # million instructions of work between two commands
ALL_OF_IT = 100000  # ticks


def build(folder):
    """Status of the compiler; the program is /t/quad."""
    os.mkdir(os.path.join(folder, "t"))
    return subprocess.call(
        ["tools/guestcc", "-static", "-O1", "-std=gnu11", "-o",
         os.path.join(folder, "t/quad"), "tests/boot/progs/quad.c"])


def run(m):
    def millions():
        return m.clock.instructions() // 10 ** 6

    answers = []
    m.serial.expect(PROMPT)
    m.serial.type("/t/quad &\r")
    m.serial.expect(PROMPT)
    while len(answers) < TIMES:
        before = millions()
        while millions() < before + WORK:
            m.serial.pump(0.01)
        before = millions()
        m.serial.type("echo answer $((%d + 40)); ls -d /bin\r" % len(answers))
        m.serial.expect(r"^answer %d\n" % (len(answers) + 40))
        m.serial.expect(r"^/bin\n")
        answers.append(millions() - before)
    busy = "read back" not in m.serial.text
    ok(busy, "four processes are at it meanwhile", m.serial.text)
    ok(max(answers) <= LIMIT, "a command is answered within %d million "
       "instructions" % LIMIT, answers)
    print("# million instructions: %s" % answers)
    m.serial.expect(r"quad: read back.*\n", ALL_OF_IT)
    ok("written, 0 of 4 went wrong" in m.serial.text and
       "read back, 0 of 4 went wrong" in m.serial.text,
       "every byte is right", m.serial.text)
    # The example of /etc/rc has left its segment.
    m.serial.type("cat /proc/check; ipcs -mu | grep Swap; poweroff\r")
    m.serial.expect(r"ipc ok: 1 segments, 1 pages")
    successes = int(m.serial.expect(r"attempts\s+(\d+) successes").group(1))
    ok(successes > 9000, "most of it was in swap", successes)
    m.power_off()


def main():
    with tempfile.TemporaryDirectory() as folder:
        if build(folder):
            skip_all("gcc -m32 cannot build programs here")
        try:
            with Machine(["--ram", "12M", "--swap", "64M",
                          "--add", folder]) as m:
                run(m)
        except (Missed, OSError) as e:
            ok(False, "the machine answers", e)
    return done()


if __name__ == "__main__":
    sys.exit(main())
