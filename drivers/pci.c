/* SPDX-License-Identifier: MIT */
/*
 * PCI configuration space, by configuration mechanism 1.
 *
 *   port 0xcf8   31       23    15     10    7        1 0
 *               +--+-----+-----+------+----+----------+---+
 *               | 1|     | bus | slot | fn | register | 0 |
 *               +--+-----+-----+------+----+----------+---+
 *   port 0xcfc   the 32 bits found there; all ones: nobody answers
 *
 * Bridges are not walked: the firmware has numbered the buses, and the IDE
 * controller of a PC is on bus 0. Used at boot alone, so there is no lock.
 */
#include <drivers/pci.h>
#include <x86/io.h>

#define PCI_ADDRESS 0xcf8
#define PCI_DATA 0xcfc
#define PCI_ENABLE 0x80000000u
#define PCI_HEADER 0x0c /* bits 16 to 23: type of header */
#define PCI_MANY_FUNCTIONS 0x00800000u /* in there: more than function 0 */
#define PCI_NONE 0xffffffffu

#define SLOTS 32u
#define FUNCTIONS 8u

u32 pci_read(u32 dev, u32 reg)
{
	outl(PCI_ADDRESS, PCI_ENABLE | dev | reg);
	return inl(PCI_DATA);
}

void pci_allow(u32 dev, u32 bits)
{
	/* the upper half is the status: ones would clear it */
	bits |= pci_read(dev, PCI_COMMAND) & 0xffff;
	outl(PCI_ADDRESS, PCI_ENABLE | dev | PCI_COMMAND);
	outl(PCI_DATA, bits);
}

/* The address register keeps what is written to it if there is PCI. */
static bool pci_present(void)
{
	outl(PCI_ADDRESS, PCI_ENABLE);
	return inl(PCI_ADDRESS) == PCI_ENABLE;
}

static u32 function_count(u32 slot)
{
	u32 dev = slot << 11;

	if (pci_read(dev, 0) == PCI_NONE)
		return 0;
	return pci_read(dev, PCI_HEADER) & PCI_MANY_FUNCTIONS ? FUNCTIONS : 1;
}

bool pci_find(u32 class, u32 *dev)
{
	u32 slot, fn, end;

	if (!pci_present())
		return false;
	for (slot = 0; slot < SLOTS; slot++) {
		end = function_count(slot);
		for (fn = 0; fn < end; fn++) {
			*dev = slot << 11 | fn << 8;
			if (pci_read(*dev, PCI_CLASS) >> 16 == class)
				return true;
		}
	}
	return false;
}
