#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two people at one machine: the serial console and the VGA console.

The serial one is typed into through a pty, the VGA one with QEMU's sendkey;
what it shows is read from video memory. tests/machine.py does both.
"""

import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from machine import TICK, Machine, Missed
from tap import done, ok, skip, skip_all

ROOT_PROMPT, STUDENT_PROMPT = r"faultline:\S*# \Z", r"faultline:\S*\$\s*\Z"


class Stop(Exception):
    """A step has left the machine in an unknown state."""


def step(name):
    """A decorator: the function passes unless it returns what is wrong."""
    def wrap(fn):
        def run(*args):
            try:
                note = fn(*args)
            except (Missed, OSError) as e:
                note = str(e)
            ok(not note, name, note)
            if note:
                raise Stop()
        return run
    return wrap


def serial(m, line, pattern=None):
    """Types a line at the serial prompt; what it printed."""
    start = len(m.serial.text)
    m.serial.type(line + "\r")
    if pattern:
        m.serial.expect(pattern)
    m.serial.expect(ROOT_PROMPT)
    return m.serial.text[start:]


def screen(m, line, pattern):
    """Clears the VGA screen, types a line; the match of PATTERN there."""
    m.screen.type("\014" + line + "\n")
    match = m.screen.expect(pattern)
    m.screen.expect(STUDENT_PROMPT)
    return match


@step("both consoles end with a prompt")
def both_prompts(m):
    m.serial.expect(ROOT_PROMPT)
    m.screen.expect(STUDENT_PROMPT)


@step("the worked example is shown on both")
def example_on_both(m):
    if "ok: ten records" not in m.serial.text:
        return m.serial.text
    if "in all" not in m.screen.text():
        return m.screen.text()


@step("root is on the serial line, a session with a terminal of its own")
def serial_identity(m):
    text = serial(m, "tty; id; set -- $(cat /proc/$$/stat); echo $5.$6.$7.$8.$$")
    if "/dev/ttyS0\nuid=0(root)" not in text:
        return text
    match = re.search(r"^(\d+)\.(\d+)\.(\d+)\.\d+\.(\d+)$", text, re.M)
    if not match or len({match[1], match[2], match[4]}) != 1 or \
            match[3] != str(4 << 8 | 64):
        return text


@step("student is on the screen, in another session, at home")
def screen_identity(m):
    screen(m, "tty; id -u; pwd; echo $TERM.$HOME.$USER",
           r"^/dev/tty1\n1000\n/home/student\nlinux\./home/student\.student$")


@step("student is no root: the kernel refuses")
def screen_rights(m):
    screen(m, "echo x >/dev/ttyS0; echo y >/etc/x; kill 1",
           r"(?s)Permission denied.*Permission denied.*not permitted")


@step("su on the screen")
def screen_su(m):
    m.screen.type("\014su\n")
    m.screen.expect(r"faultline:\S*#\s*\Z")
    m.screen.type("id -u; tty; exit\n")
    m.screen.expect("^0\n/dev/tty1$")
    m.screen.expect(STUDENT_PROMPT)
    m.serial.type("\r")
    m.serial.expect(ROOT_PROMPT)


@step("all that a US keyboard can type")
def keyboard_characters(m):
    text = "!@#$%^&*()_+{}|:\"~<>?1234567890-=[]\\;`,./ aZ"
    screen(m, "cat >keys <<'E'\n" + text + "\nE\ncat keys",
           r"cat keys\n" + re.escape(text) + "$")


@step("keys and modifiers send what Linux's console sends")
def keyboard_codes(m):
    keys = ("f1 f5 f6 f10 f11 f12 home end pgup pgdn insert delete up down "
            "left right alt-x ctrl-a ctrl-spc shift-tab esc kp_5 "
            "caps_lock a shift-a 1 caps_lock a ctrl-backslash "
            "ctrl-bracket_right").split()
    want = ("\033[[A\033[[E\033[17~\033[21~\033[23~\033[24~\033[1~\033[4~"
            "\033[5~\033[6~\033[2~\033[3~\033[A\033[B\033[D\033[C\033x\001"
            "\0\t\0335Aa1a\034\035").encode()
    m.screen.type("\014/t/rawkeys %d\n" % len(want))
    m.screen.expect("^keys:$")
    m.screen.key(*keys)
    got = m.screen.expect(r"(?s)^got ([0-9a-f\n]*)\.").group(1)
    m.screen.expect(STUDENT_PROMPT)
    got = bytes.fromhex(got.replace("\n", ""))
    if got != want:
        return "got  %r\nwant %r" % (got, want)


@step("erase, ^C and ^D on the screen")
def line_discipline(m):
    m.screen.type("\014cat\nabX\177c\n")
    m.screen.expect("^abc\nabc$")
    m.screen.type("x\003")
    m.screen.expect(r"^x\^C$")
    m.screen.expect(STUDENT_PROMPT)
    m.screen.type("cat >f; cat f\nline\n\004")
    m.screen.expect(r"^line\nline$")


@step("the line editor of the shell")
def line_editor(m):
    m.screen.type("\014echo tail")
    m.screen.key("home")
    m.screen.type("ZZ")
    m.screen.key("left", "left", "delete", "delete", "end", "left", "left",
                 "left", "left")
    m.screen.type("head-\n")
    m.screen.expect("^head-tail$")
    m.screen.key("up", "up", "down", "ret")
    m.screen.expect("(?s)^head-tail$.*^head-tail$")


def job_control(m, say, expect, key):
    say("(echo on1; exec sleep 1000)")
    expect("^on1$")
    key("\032")
    expect(r"\[1\] Stopped")
    say("(echo on2; exec sleep 2000) & jobs")
    expect(r"(?s)\[1\] Stopped.*\[2\] Running")
    say("bg; jobs")
    expect(r"\[1\] Running")
    say("fg %2")
    expect(r"fg %2\n\( \.\.\. \)")
    key("\003")
    say("kill %1; wait; jobs; echo none $?")
    expect("^none 0$")


@step("jobs, bg, fg, ^Z, ^C, kill %1 on the serial line")
def serial_jobs(m):
    job_control(m, lambda s: m.serial.type(s + "\r"), m.serial.expect,
                m.serial.type)
    m.serial.expect(ROOT_PROMPT)


@step("jobs, bg, fg, ^Z, ^C, kill %1 on the screen")
def screen_jobs(m):
    m.screen.type("\014")
    job_control(m, lambda s: m.screen.type(s + "\n"), m.screen.expect,
                m.screen.type)


@step("a key on one console does not reach the other")
def apart(m):
    m.screen.type("\014(echo here; exec sleep 3000)\n")
    m.screen.expect("^here$")
    m.serial.type("\003")
    m.serial.expect(ROOT_PROMPT)
    text = serial(m, "ps")
    if "sleep 3000" not in text:
        return text
    m.screen.type("\003")
    m.screen.expect(STUDENT_PROMPT)
    if "sleep 3000" in serial(m, "ps"):
        return "it lives"


@step("a shell that ends is hung up and comes again")
def respawn(m):
    m.screen.type("\014exit\n")
    m.screen.expect("the shell has ended")
    m.screen.expect(STUDENT_PROMPT)
    screen(m, "tty; echo $$", r"^/dev/tty1\n\d+$")
    m.serial.type("exit\r")
    m.serial.expect("the shell has ended")
    m.serial.expect(ROOT_PROMPT)
    if "/dev/ttyS0" not in serial(m, "tty"):
        return "another terminal"


@step("the window of each, and a new size")
def windows(m):
    text = serial(m, "/t/window; /t/window 40 132; /t/window")
    if "24 80\nSIGWINCH\n40 132" not in text:
        return text
    screen(m, "/t/window", "^25 80$")
    serial(m, "/t/window 24 80")


@step("sequences of a VT100 and of Linux's console")
def sequences(m):
    m.screen.type("\014/t/vt\n")
    m.screen.expect(r"report (.*)")
    m.screen.expect(STUDENT_PROMPT)
    text = m.screen.text()
    with open(os.path.join(HERE, "terminal.out")) as f:
        want = f.read().rstrip("\n")
    if text != want:
        return "got:\n%s\nwanted:\n%s" % (text, want)


@step("colours")
def colours(m):
    m.screen.type("\014/t/vt colours\n")
    m.screen.expect("^abcdefghij")
    m.screen.expect(STUDENT_PROMPT)
    got = [m.screen.attribute(1, i) for i in range(10)]
    want = [0x07, 0x04, 0x0c, 0x21, 0x70, 0x0f, 0x87, 0x0a, 0x5e, 0x07]
    if got != want:
        return " ".join("%02x" % a for a in got)


@step("an idle machine leaves the processor alone")
def idle(m):
    start, executed = m.clock.ticks(), m.clock.instructions()
    while m.clock.ticks() < start + 100:
        m.serial.pump(0.1)
    could = (m.clock.ticks() - start) * TICK
    executed = m.clock.instructions() - executed
    said = "%d of %d instructions, it halts for the others" % (executed, could)
    print("# " + said)
    return executed > could / 20 and said


@step("vi edits a file on the screen")
def vi_screen(m):
    m.screen.type("\014busybox seq 100 >num; busybox vi num\n")
    m.screen.expect("^- num 1/100")
    m.screen.type("Golast line\033")
    m.screen.expect(r"(?s)last line.*^- num")
    m.screen.key("home", "pgup", "pgup", "pgup", "pgup", "pgup")
    m.screen.expect(r"(?s)\A1\n2\n.*^- num")
    m.screen.type("1G3ddOfirst line\033")
    m.screen.expect(r"(?s)\Afirst line\n4\n5\n.*^- num")
    m.screen.type(":wq\n")
    m.screen.expect(STUDENT_PROMPT)
    screen(m, "head -n 2 num; tail -n 1 num; wc -l <num",
           r"^first line\n4\nlast line\n *99$")


@step("vi edits a file on the serial line")
def vi_serial(m):
    m.serial.type("busybox vi /tmp/text\r")
    m.serial.expect(r"- /tmp/text")
    m.serial.type("iline one\rline two")
    m.serial.expect("Modified.*3/3|two")
    m.serial.type("\033")
    m.serial.expect(r"- /tmp/text \[Modified\]")
    m.serial.type(":wq\r")
    m.serial.expect(ROOT_PROMPT)
    text = serial(m, "cat /tmp/text; echo end")
    if "line one\nline two\nend" not in text:
        return text


@step("console=tty1: root is on the screen, student on the serial line")
def other_console(m):
    m.screen.expect(r"faultline:\S*#\s*\Z")
    m.serial.expect(r"faultline:\S*\$ \Z")
    m.serial.type("tty; id -u\r")
    m.serial.expect("/dev/ttyS0\n1000\n")
    m.screen.type("\014tty; id -u\n")
    m.screen.expect("^/dev/tty1\n0$")


# MemFree counts neither the kernel, nor the files of the image, nor the shells
# and their libraries.
@step("two prompts in 16M leave 8 MiB free")
def free_memory(m):
    m.serial.type("grep MemFree /proc/meminfo\r")
    free = m.serial.expect(r"^MemFree: *(\d+) kB").group(1)
    return int(free) < 8192 and "MemFree is %s KiB" % free


@step("poweroff from the serial line ends the machine")
def power_off(m):
    m.serial.type("poweroff\r")
    status = m.power_off()
    return status and "status %d" % status


def programs(folder):
    """Builds what the guest needs; the reason why that cannot be done."""
    os.makedirs(os.path.join(folder, "t"))
    for name in ("rawkeys", "window", "vt"):
        built = subprocess.run(
            ["tools/guestcc", "-static", "-O1",
             "-Wall", "-o", os.path.join(folder, "t", name),
             os.path.join(HERE, "progs", name + ".c")],
            stderr=subprocess.PIPE, text=True)
        if built.returncode:
            return "%s does not build here: %s" % (name, built.stderr[:200])
    return None


def busybox(folder):
    """Fetches the distribution's; the reason why that cannot be done."""
    fetch = os.path.join(HERE, "../compat/fetch")
    got = subprocess.run([fetch, folder, "busybox-static"],
                         stdout=subprocess.PIPE, text=True)
    return got.returncode and (got.stdout.strip() or "it cannot be fetched")


def both_consoles(options, no_vi):
    with Machine(options) as m:
        for test in (both_prompts, example_on_both, serial_identity,
                     screen_identity, screen_rights, screen_su,
                     keyboard_characters, keyboard_codes,
                     line_discipline, line_editor,
                     serial_jobs, screen_jobs, apart, respawn, windows,
                     sequences, colours, idle):
            test(m)
        for test, where in (vi_screen, "screen"), (vi_serial, "serial line"):
            if no_vi:
                skip("vi edits a file on the %s" % where, no_vi)
            else:
                test(m)
        power_off(m)
    with Machine(["--ram", "16M", "--append", "console=tty1"]) as m:
        other_console(m)
        free_memory(m)


def main():
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs = os.path.join(folder, "a"), os.path.join(folder, "b")
        reason = programs(mine)
        if reason:
            skip_all(reason)
        no_vi = busybox(theirs)
        options = ["--add", mine] + ([] if no_vi else ["--add", theirs])
        try:
            both_consoles(options, no_vi)
        except Stop:
            pass
    return done()


if __name__ == "__main__":
    sys.exit(main())
