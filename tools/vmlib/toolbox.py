# SPDX-License-Identifier: MIT
"""What `tools/setup --user` unpacked below .tools is found like the rest.

The environment variable FAULTLINE_TOOLS names another folder.
"""

import os

CHECKOUT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
TOOLS = os.environ.get("FAULTLINE_TOOLS", os.path.join(CHECKOUT, ".tools"))


def which(program, more=()):
    """Where PROGRAM is in PATH, or in the folders MORE; or None."""
    if "/" in program:
        return program if os.access(program, os.X_OK) else None
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) + \
            list(more):
        path = os.path.join(folder, program)
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    return None


def find(path):
    """PATH, an absolute one, or the unpacked one where that is missing."""
    unpacked = TOOLS + "/root" + path
    if not os.path.exists(path) and os.path.exists(unpacked):
        return unpacked
    return path


def add_to_path():
    """Makes programs be looked for in .tools/bin, when there is one, first."""
    folder = os.path.join(TOOLS, "bin")
    path = os.environ.get("PATH", os.defpath)
    if os.path.isdir(folder) and folder not in path.split(os.pathsep):
        os.environ["PATH"] = folder + os.pathsep + path
