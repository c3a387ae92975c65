# SPDX-License-Identifier: MIT
"""TAP for tests in Python; tests/lib.sh is the same for those in bash.

    ok(GOOD, NAME, NOTE)        holds when GOOD is true
    remark(GOOD, NAME, NOTE)    what this machine says, and not Faultline
    skip(NAME, REASON)          counts as passed, says why it did not run
    skip_all(REASON)            the whole file
    undecided(NAME, REASON)     this machine was too slow to tell
    give_up(REASON)             so is the rest of the file; ends it
    sys.exit(done())            the plan, at the end
    run(WORDS...)               runs a command; its .stdout, .stderr (text) and
                                .returncode. Where it has not ended after
                                PATIENCE seconds the test gives up
    vm(WORDS...)                the same for tools/vm; the machine counts its
                                instructions and ends with 124 after LIMIT
    tool(NAME, WORDS...)        what nm, objdump ... of the compiler print

A test that began runs in the project's root, and ROOT is its path. What
counts as a failure, a remark or not decided: docs/testing.md.
"""

import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("FAULTLINE_BUILD") or "build"
STRICT = os.environ.get("STRICT", "0") not in ("", "0")
NOTE_LINES = 40
PATIENCE = 900  # seconds; a machine that hangs takes as long
LIMIT = "30G"  # instructions
TOO_SLOW = re.compile(r"did not end within \d+ seconds|not reached in time")

count = failed = 0
os.chdir(ROOT)
os.umask(0o022)
os.environ["LC_ALL"] = "C.UTF-8"


def _own_tools():
    """What tools/setup --user installed, as tests/lib.sh reads it."""
    if os.path.exists(".tools/env"):
        text = subprocess.check_output(
            ["sh", "-c", ". .tools/env && env -0"], encoding="utf-8")
        os.environ.update(word.split("=", 1) for word in text.split("\0")
                          if "=" in word)


_own_tools()


def _say(good, name, note):
    global count, failed
    count += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", count, name))
    for line in str(note).split("\n")[:NOTE_LINES] if note else []:
        print("# " + line)
    sys.stdout.flush()


def _collect(kind, text):
    """Into the summary that tools/run-tests prints at its end."""
    path = os.environ.get("FAULTLINE_SUMMARY")
    if not path:
        return
    test = os.path.relpath(os.path.abspath(sys.argv[0]), ROOT)
    with open(path, "a", encoding="utf-8") as f:
        f.write("%s\t%s\t%s\n" % (kind, test, " ".join(text.split())))


def ok(good, name, note=""):
    _say(bool(good), name, "" if good else note)


def remark(good, name, note=""):
    if good or STRICT:
        ok(good, name, note)
        return
    _say(True, name, "remark: this machine says otherwise\n%s" % note)
    _collect("remark", name)


def skip(name, reason):
    _say(True, "%s # SKIP %s" % (name, " ".join(reason.split())), "")


def skip_all(reason):
    print("1..0 # SKIP %s" % " ".join(reason.split()))
    sys.exit(0)


def undecided(name, reason):
    if STRICT:
        ok(False, name, "not decided: " + reason)
        return
    skip(name, "not decided: " + reason)
    _collect("undecided", "%s: %s" % (name, reason))


def give_up(reason):
    undecided("the rest", reason)
    sys.exit(done())


def run(*words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, env=None):
    child = subprocess.Popen(words, stdin=stdin, stdout=subprocess.PIPE,
                             stderr=stderr, env=env, encoding="utf-8",
                             errors="replace")
    try:
        out, err = child.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        child.terminate()
        child.communicate()
        give_up("%s did not end within %d seconds" % (words[0], PATIENCE))
    return subprocess.CompletedProcess(words, child.returncode, out, err)


def vm(*words, stdin=subprocess.DEVNULL):
    ended = run("tools/vm", "--timeout", str(PATIENCE // 2), "--icount",
                "--limit", LIMIT, *words, stdin=stdin)
    if ended.returncode in (124, 126) and "--timeout" not in words and \
            TOO_SLOW.search(ended.stderr):
        give_up(ended.stderr.strip().split("\n")[0])
    return ended


def tool(name, *words):
    return subprocess.run([os.environ.get("CROSS", "") + name, *words],
                          check=True, stdout=subprocess.PIPE,
                          encoding="utf-8").stdout


def done():
    """Prints the plan; the status to exit with."""
    print("1..%d" % count, flush=True)
    return 1 if failed else 0
