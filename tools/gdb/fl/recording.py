# SPDX-License-Identifier: MIT
"""Where a recorded run is gone through: in its own folder, or, while another gdb
does that, or where nobody may write, in a copy. A replay writes snapshots.
"""
import os
import shutil
import tempfile

from . import outputs


class Held:
    """What this gdb holds of a recorded run."""

    folder = None  # descriptor of the folder that is taken
    copy = None  # tempfile.TemporaryDirectory


def leave():
    if Held.folder is not None:
        os.close(Held.folder)
    if Held.copy is not None:
        Held.copy.cleanup()
    Held.folder = Held.copy = None


def place(folder, replay):
    """The folder for QEMU's files; REPLAY is tools/vmlib/replay.py."""
    leave()
    held = os.open(folder, os.O_RDONLY)
    if os.access(folder, os.W_OK) and outputs.lock(held):
        Held.folder = held
        return folder
    os.close(held)
    Held.copy = tempfile.TemporaryDirectory(prefix="faultline-replay-")
    for name in replay.FILES:
        source = os.path.join(folder, name)
        if os.path.exists(source):
            shutil.copyfile(source, os.path.join(Held.copy.name, name))
    return Held.copy.name
