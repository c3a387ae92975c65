/* SPDX-License-Identifier: MIT */
/* PCI: the configuration space of what is plugged in on bus 0. */
#ifndef DRIVERS_PCI_H
#define DRIVERS_PCI_H

#include <lib/types.h>

#define PCI_COMMAND 0x04 /* low half: what the device may do */
#define PCI_CLASS 0x08 /* class, subclass, programming interface, revision */
#define PCI_BAR4 0x20 /* fifth base address */

#define PCI_COMMAND_IO 0x0001u /* answers at its ports */
#define PCI_COMMAND_MASTER 0x0004u /* may read and write memory */

/* Finds the first device of CLASS (class << 8 | subclass); in *DEV what the
 * other functions call it. False: there is none, or no PCI at all. At boot. */
bool pci_find(u32 class, u32 *dev);

/* The 32 bits at REG, a multiple of 4, of DEV's configuration space. */
u32 pci_read(u32 dev, u32 reg);
/* Lets DEV do what BITS, PCI_COMMAND_*, say, beside what it may. */
void pci_allow(u32 dev, u32 bits);

#endif
