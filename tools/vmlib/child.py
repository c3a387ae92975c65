# SPDX-License-Identifier: MIT
"""Child processes: an emulator, which never outlives us and whose end can be
waited for; and programs that are run to their end."""

import os
import select

from .cli import signal

PR_SET_PDEATHSIG = 1


def _die_with(parent, prctl):
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _execute(words, stdin, stdout, stderr, env=None):
    """The end of a child after fork."""
    try:
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)  # Python ignores them
        for target, fd in enumerate((stdin, stdout, stderr)):
            if fd is not None:
                os.dup2(fd, target)
        os.execvpe(words[0], words, env or os.environ)
    except OSError as e:
        os.write(2, os.fsencode("%s: %s\n" % (words[0], e.strerror)))


def run(words):
    """Runs a program; its status and what it said on both outputs."""
    said, theirs = os.pipe()
    with open(os.devnull, "rb") as null:
        pid = os.fork()
        if pid == 0:
            try:
                _execute(words, null.fileno(), theirs, theirs)
            finally:
                os._exit(127)
    os.close(theirs)
    with open(said, "rb") as f:
        text = f.read()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text


class Child:
    """An emulator. It holds one end of a pipe: end of file is its end."""

    def __init__(self, words, folder, own_group, stdin=None, stdout=None,
                 stderr=None, inherited=(), **env):
        import ctypes
        prctl = ctypes.CDLL(None).prctl
        parent = os.getpid()
        self.code = None  # status, or minus the signal that killed it
        self.pipe, held = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                _die_with(parent, prctl)
                if own_group:
                    os.setsid()
                os.chdir(folder)
                for fd in (held, *inherited):
                    os.set_inheritable(fd, True)
                _execute(words, stdin, stdout, stderr,
                         dict(os.environ, **env))
            finally:
                os._exit(127)
        os.close(held)

    def ended(self, seconds):
        """True once the child has ended; waits for it up to SECONDS."""
        return bool(select.select([self.pipe], [], [], seconds)[0])

    def status(self):
        if self.code is None:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            os.close(self.pipe)
        return self.code

    def kill(self):
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
        self.status()
