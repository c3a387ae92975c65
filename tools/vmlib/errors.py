# SPDX-License-Identifier: MIT
"""How tools/vm ends when it is not COMMAND that decides."""

TIMED_OUT = 124
PANICKED = 125
NO_MACHINE = 126


class VmError(Exception):
    """The machine could not be run; the text is the sentence that says why."""
