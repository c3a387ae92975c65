# SPDX-License-Identifier: MIT
"""A child process that never outlives us, and whose end can be waited for."""

import ctypes
import os
import select
import signal
import subprocess

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def _die_with(parent):
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


class Child:
    """An emulator. It holds one end of a pipe: end of file is its end."""

    def __init__(self, words, folder, own_group, stdin=None, stdout=None,
                 stderr=None, inherited=(), **env):
        parent = os.getpid()
        self.pipe, held = os.pipe()
        self.process = subprocess.Popen(
            words, cwd=folder, stdin=stdin, stdout=stdout, stderr=stderr,
            env=dict(os.environ, **env), pass_fds=[held, *inherited],
            start_new_session=own_group,
            preexec_fn=lambda: _die_with(parent))
        os.close(held)

    def ended(self, seconds):
        """True once the child has ended; waits for it up to SECONDS."""
        readable, _, _ = select.select([self.pipe], [], [], seconds)
        return bool(readable)

    def status(self):
        return self.process.wait()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
