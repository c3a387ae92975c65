# SPDX-License-Identifier: MIT
"""Takes apart what the guest sends over COM2.

    | type | length, 16 bits, low byte first | payload |

    S   COMMAND starts, no payload
    D   bytes it wrote to its standard output or error
    X   it has ended, payload: 32 bits of exit status, low byte first
"""

import struct

from .errors import VmError

HEADER = struct.Struct("<cH")
START, DATA, EXIT = b"S", b"D", b"X"


class Frames:
    """Bytes in, frames out; a frame may come in pieces."""

    def __init__(self):
        self.pending = b""

    def feed(self, data):
        """Yields (type, payload) for each frame that is whole by now."""
        self.pending += data
        while len(self.pending) >= HEADER.size:
            kind, length = HEADER.unpack_from(self.pending)
            if kind not in (START, DATA, EXIT):
                raise VmError("the machine sent a frame of unknown type %r" %
                              kind)
            end = HEADER.size + length
            if len(self.pending) < end:
                return
            payload = self.pending[HEADER.size:end]
            self.pending = self.pending[end:]
            yield kind, payload
