# SPDX-License-Identifier: MIT
"""Makes a GRUB ISO from a kernel, an initrd and a grub.cfg.

The same inputs give the same ISO, byte for byte: GRUB's image is made by
grub-mkimage, since that of grub-mkrescue differs from run to run, and every
date is fixed. The padding at the end, xorriso's default, has to stay: without
it GRUB reads zeros for the last pages of a module and says nothing.

The same file is the image of a disk: GRUB's record in its first sector finds
the rest, and a table with one active partition is there for firmware that looks
for one. All of it is for a BIOS.
"""

import os
import shutil
import subprocess
import tempfile

from . import toolbox

GRUB_DIR = toolbox.find("/usr/lib/grub/i386-pc")
GRUB_MBR = GRUB_DIR + "/boot_hybrid.img"  # finds eltorito.img on a disk
MODULES = ("biosdisk iso9660 multiboot serial normal configfile test echo "
           "terminal reboot").split()
EPOCH, EPOCH_DIGITS = "1767225600", "2026010100000000"

EARLY_CFG = """\
set prefix=($root)/boot/grub
normal ($root)/boot/grub/grub.cfg
"""

DIRECT_CFG = """\
serial --unit=0 --speed=115200
terminal_output serial
multiboot /boot/kernel.elf %s
module /boot/initrd
boot
reboot
"""


class ToolError(Exception):
    """The ISO cannot be made; the text is the sentence to say."""


def need(program, package):
    if shutil.which(program) is None:
        raise ToolError("%s is missing: run tools/setup, or apt-get install %s"
                        % (program, package))


def check_tools():
    toolbox.add_to_path()
    need("grub-mkimage", "grub-common")
    need("xorriso", "xorriso")
    if not os.path.isdir(GRUB_DIR):
        raise ToolError("%s is missing: run tools/setup, or apt-get install "
                        "grub-pc-bin" % GRUB_DIR)


def run(command, **kwargs):
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **kwargs)
    if done.returncode != 0:
        text = done.stdout.decode(errors="replace").strip()
        raise ToolError("%s failed: %s" % (command[0], text))


def copy_kernel(source, target):
    """GRUB loads even sections the kernel does not ask for: leave them out."""
    names = [os.environ.get("CROSS", "") + "strip", "strip",
             "i686-linux-gnu-strip"]
    strip = next(filter(shutil.which, names), "strip")
    need(strip, "binutils")
    run([strip, "-o", target, source])


def fill(folder, kernel, initrd, grub_cfg):
    """Lays out the ISO's tree and GRUB's image in FOLDER."""
    grub = os.path.join(folder, "iso/boot/grub")
    os.makedirs(grub)
    copy_kernel(kernel, os.path.join(folder, "iso/boot/kernel.elf"))
    shutil.copyfile(initrd, os.path.join(folder, "iso/boot/initrd"))
    with open(os.path.join(grub, "grub.cfg"), "wb") as f:
        f.write(grub_cfg.encode())
    early = os.path.join(folder, "early.cfg")
    with open(early, "wb") as f:
        f.write(EARLY_CFG.encode())
    run(["grub-mkimage", "-O", "i386-pc-eltorito", "-d", GRUB_DIR,
         "-p", "/boot/grub", "-c", early,
         "-o", os.path.join(grub, "eltorito.img")] + MODULES)


def make_iso(out, kernel, initrd, grub_cfg):
    """Writes the ISO to OUT. ToolError says why it could not."""
    check_tools()
    beside = os.path.dirname(os.path.abspath(out))
    with tempfile.TemporaryDirectory(prefix="iso-", dir=beside) as folder:
        fill(folder, kernel, initrd, grub_cfg)
        env = dict(os.environ, SOURCE_DATE_EPOCH=EPOCH, TZ="UTC", LC_ALL="C")
        run(["xorriso", "-as", "mkisofs", "-quiet", "-V", "FAULTLINE",
             "--set_all_file_dates", EPOCH_DIGITS, "-r",
             "-b", "boot/grub/eltorito.img", "-no-emul-boot",
             "-boot-load-size", "4", "-boot-info-table",
             "--grub2-boot-info", "--grub2-mbr", GRUB_MBR,
             "--protective-msdos-label",
             "-o", os.path.join(folder, "out.iso"),
             os.path.join(folder, "iso")], env=env)
        os.replace(os.path.join(folder, "out.iso"), out)
