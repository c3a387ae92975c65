# SPDX-License-Identifier: MIT
"""The machine's disks: images that are there, and a blank one to swap on.

Kernel and firmware count four drives, hda to hdd; the CD that --boot iso
starts from is hdc. The --disk images come first, in their order, the swap disk
last. A swap disk is a sparse file in the run's folder and ends with it; it is
the same, byte for byte, for the same size.
"""

import os

from . import toolbox
from .errors import VmError

SECTOR, PAGE = 512, 4096
MIN_SWAP = 10 * PAGE  # mkswap makes none smaller
MAX_DISK = 0x0FFFFFFF * SECTOR  # what LBA28 reaches
SWAP_UUID = "6661756c-746c-4e65-8000-000000000001"
SBIN = ("/sbin", "/usr/sbin", "/usr/local/sbin")


class Disk:
    def __init__(self, position, name):
        self.position = position  # 0..3: hda..hdd
        self.file = name  # in the run's folder
        self.device = "/dev/hd" + "abcd"[position]


def _positions(options):
    return [0, 1, 3] if options.boot == "iso" else [0, 1, 2, 3]


def _link(path, image):
    if not os.path.exists(image):
        raise VmError("--disk: %s: no such file" % image)
    if not os.path.isfile(image):
        raise VmError("--disk: %s is no file" % image)
    if not os.access(image, os.R_OK | os.W_OK):
        raise VmError("--disk: %s may not be read and written; a copy may" %
                      image)
    size = os.path.getsize(image)
    if size == 0 or size % SECTOR or size > MAX_DISK:
        raise VmError("--disk: %s has %d bytes, which is no number of sectors "
                      "from 1 to 2^28 - 1" % (image, size))
    os.symlink(os.path.abspath(image), path)


def _check_once(images):
    """QEMU's complaint would not say which."""
    seen = {}
    for image in images:
        info = os.stat(image)
        if seen.setdefault((info.st_dev, info.st_ino), image) is not image:
            raise VmError("--disk: %s is there twice" % image)


def _mkswap(path, size):
    """A blank file with a swap header, made by the host's mkswap."""
    mkswap = toolbox.which("mkswap", SBIN)
    if mkswap is None:
        raise VmError("mkswap is missing: run tools/setup, or apt-get install "
                      "util-linux")
    from . import child
    try:
        with open(path, "wb") as f:
            os.fchmod(f.fileno(), 0o600)
            f.truncate(size)
    except OSError as e:
        raise VmError("--swap: %s" % e.strerror)
    status, said = child.run([mkswap, "-U", SWAP_UUID, path])
    if status != 0:
        raise VmError("mkswap failed: %s" %
                      " ".join(said.decode(errors="replace").split()))


def prepare(options, run):
    """Links and makes the images in the folder RUN: options.drives. The swap
    disk's name is added to the kernel's command line."""
    wanted = [("disk%d" % i, image) for i, image in enumerate(options.disk)]
    if options.swap:
        wanted.append(("swap", None))
    positions = _positions(options)
    if len(wanted) > len(positions):
        raise VmError("at most %d disks fit%s" % (
            len(positions), ", the CD is hdc" if len(positions) < 4 else ""))
    for position, (name, image) in zip(positions, wanted):
        disk = Disk(position, name)
        if image is not None:
            _link(os.path.join(run, name), image)
        else:
            _mkswap(os.path.join(run, name), options.swap)
            options.tell_kernel("swap=" + disk.device)
        options.drives.append(disk)
    _check_once(options.disk)


def qemu(options):
    """The words of QEMU for the disks. What a guest wrote survives it, though
    not a crash of the host: that is what cache=unsafe gives up."""
    words = []
    for disk in options.drives:
        words += ["-drive", "file=%s,format=raw,if=ide,index=%d,media=disk,"
                  "cache=unsafe" % (disk.file, disk.position)]
    return words


def in_use(options, complaint):
    """The image another process has, if that is what QEMU complains of."""
    for disk, image in zip(options.drives, options.disk):
        if '"write" lock' in complaint and "[%s]" % disk.file in complaint:
            return image
    return None


def bochs(options):
    """The lines of bochsrc for the disks; 0 cylinders: Bochs counts them."""
    return "".join(
        "ata%d-%s: type=disk, path=%s, mode=flat, cylinders=0\n" %
        (disk.position // 2, ("master", "slave")[disk.position % 2], disk.file)
        for disk in options.drives)
