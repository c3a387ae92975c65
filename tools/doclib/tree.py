# SPDX-License-Identifier: MIT
"""The files of the checkout, for those who look at all of them.

Git knows them, but git is not always there to ask: in an archive without
.git, where it is not installed, or where it refuses a tree of another owner.
Then the folders are walked, without what .gitignore names. A list that cannot
be made is an error, never an empty list.
"""

import fnmatch
import functools
import os
import subprocess

MARK = "Makefile"  # a list without it is none


def _from_git(root):
    """What is tracked or could be, or None."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-coz", "--exclude-standard"], cwd=root,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return None
    names = [os.fsdecode(name) for name in listed.stdout.split(b"\0")]
    return names if listed.returncode == 0 and MARK in names else None


def _ignored(root):
    """The patterns of .gitignore; ours are a name, or a folder of the top."""
    with open(os.path.join(root, ".gitignore"), encoding="utf-8") as f:
        return [".git"] + [line.strip() for line in f if line.strip()]


def _from_folders(root):
    patterns = _ignored(root)

    def wanted(path):
        return not any(
            fnmatch.fnmatch("/" + path if p.startswith("/") else
                            os.path.basename(path), p.rstrip("/"))
            for p in patterns)

    def fail(error):
        raise error

    for parent, folders, names in os.walk(root, onerror=fail):
        below = os.path.relpath(parent, root)
        inside = "" if below == "." else below + "/"
        folders[:] = [name for name in folders if wanted(inside + name)]
        yield from (inside + name for name in names if wanted(inside + name))


@functools.lru_cache(maxsize=None)
def files(root):
    """Paths below ROOT, sorted; OSError when that cannot be told."""
    names = _from_git(root) or _from_folders(root)
    return sorted(set(name for name in names
                      if os.path.isfile(os.path.join(root, name))))


def matching(root, *patterns):
    """Those that match one of PATTERNS, whose * also stands for slashes."""
    return [name for name in files(root)
            if any(fnmatch.fnmatchcase(name, p) for p in patterns)]
