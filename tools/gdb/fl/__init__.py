# SPDX-License-Identifier: MIT
"""The commands of gdb for Faultline, in reading order:

    command   what every command shares: arguments, one-sentence errors
    guest     memory of the machine, read in bulk, kept until it moves
    layout    structures: offsets asked of gdb once
    kernel    tasks, areas, segments, frames: walked with suspicion
    pte       what an entry says
    holders   who holds a frame
    predict   what a touch will do
    elf, programs, symbols, breakpoints
              the program that runs: its file, its names, where it stops
    outputs, recording
              files that two gdbs must not share
    ...       and a file for each family of commands
"""
import importlib

FAMILIES = ("tasks", "areas", "tables", "shm", "frames", "swap", "check",
            "events", "why", "faults", "user", "machine", "back", "cross",
            "tour", "begin")


def load():
    for name in FAMILIES:
        importlib.import_module("fl." + name)
