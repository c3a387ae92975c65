# SPDX-License-Identifier: MIT
# Commands for gdb attached to a machine; tools/gdb/start loads them.

set pagination off
set confirm off
set disassembly-flavor intel
set print entry-values no
set print frame-arguments all

python
import os

class User(gdb.Command):
    """user NAME: take the symbols of the guest's program NAME.
All programs begin at the same address, so one at a time."""

    loaded = None

    def __init__(self):
        super().__init__("user", gdb.COMMAND_FILES)

    def path(self, name):
        kernel = gdb.objfiles()[0].filename
        return os.path.join(os.path.dirname(kernel), "user/bin",
                            name + ".debug")

    def invoke(self, argument, from_tty):
        path = self.path(argument.strip())
        if not os.path.exists(path):
            raise gdb.GdbError("%s: no such program" % path)
        if User.loaded:
            gdb.execute("remove-symbol-file " + User.loaded, to_string=True)
        gdb.execute("add-symbol-file " + path, to_string=True)
        User.loaded = path

User()
end
