/* SPDX-License-Identifier: MIT */
/*
 * Which ATA drives there are, found at boot by asking each of the four.
 *
 *   status 0xff          nobody is on the channel
 *   status 0             this drive is not there
 *   IDENTIFY refused     a CD drive or the like (0xeb14), else not there
 *   IDENTIFY answered    512 bytes: model, sectors, what it can do
 *
 * Interrupts are still off and there is no clock, so the waits are counted
 * in reads of a port, and limited for all drives together.
 */
#include <drivers/block/ata.h>
#include <kernel/printk.h>
#include <x86/io.h>

#define CMD_IDENTIFY 0xec
#define ATAPI_MID 0x14
#define ATAPI_HIGH 0xeb

/* Words of the answer. */
#define ID_WORDS 256
#define ID_MODEL 27 /* 20 words, the first letter in the high byte */
#define ID_ABILITIES 49
#define ID_SECTORS 60 /* two words */
#define ID_HAS_DMA 0x0100
#define ID_HAS_LBA 0x0200
#define LBA28_MAX 0x0fffffffu

static const struct {
	const char *name;
	u32 rdev;
} names[ATA_CHANNELS][ATA_DRIVES] = {
	{ { "hda", 3 << 8 }, { "hdb", 3 << 8 | 64 } },
	{ { "hdc", 22 << 8 }, { "hdd", 22 << 8 | 64 } },
};

enum answer {
	ANSWER_NONE,
	ANSWER_DISK, /* its words can be read from the data port */
	ANSWER_PACKET, /* ATAPI */
};

static u32 polls_left = ATA_POLLS_BOOT;

/* The status once the drive is not busy, or what it was in the end. */
static u8 wait_ready(const struct ata_channel *ch)
{
	u8 status;

	do
		status = inb(ch->control);
	while (status & ATA_BSY && polls_left && polls_left--);
	return status;
}

/* Registers keep what is written if a drive is there to keep it. */
static bool drive_answers(const struct ata_channel *ch)
{
	outb(ch->base + ATA_LBA_LOW, 0x5a);
	outb(ch->base + ATA_LBA_MID, 0xa5);
	return inb(ch->base + ATA_LBA_LOW) == 0x5a &&
	       inb(ch->base + ATA_LBA_MID) == 0xa5;
}

static enum answer ask(const struct ata_channel *ch,
		       const struct ata_drive *drive)
{
	u8 status;

	outb(ch->base + ATA_DEVICE, drive->select);
	ata_delay(ch);
	status = wait_ready(ch);
	if (!status || status & ATA_BSY || !drive_answers(ch))
		return ANSWER_NONE;
	outb(ch->base + ATA_COMMAND, CMD_IDENTIFY);
	ata_delay(ch);
	status = wait_ready(ch);
	if (status & ATA_DRQ && !(status & (ATA_BSY | ATA_ERR)))
		return ANSWER_DISK;
	if (inb(ch->base + ATA_LBA_MID) == ATAPI_MID &&
	    inb(ch->base + ATA_LBA_HIGH) == ATAPI_HIGH)
		return ANSWER_PACKET;
	return ANSWER_NONE;
}

static void copy_model(char *model, const u16 *words)
{
	u32 i, len = 0;

	for (i = 0; i < 20; i++) {
		model[2 * i] = words[i] >> 8;
		model[2 * i + 1] = words[i];
	}
	for (i = 0; i < 40; i++) {
		if (model[i] < ' ' || model[i] > '~')
			model[i] = ' ';
		if (model[i] != ' ')
			len = i + 1;
	}
	model[len] = '\0';
}

static void add_disk(struct ata_channel *ch, struct ata_drive *drive)
{
	static u16 words[ID_WORDS];

	insw(ch->base + ATA_DATA, words, ID_WORDS);
	inb(ch->base + ATA_STATUS);
	if (!(words[ID_ABILITIES] & ID_HAS_LBA))
		return;
	drive->block.nsectors =
		MIN(words[ID_SECTORS] | (u32)words[ID_SECTORS + 1] << 16,
		    LBA28_MAX);
	drive->dma = ch->bus_master && words[ID_ABILITIES] & ID_HAS_DMA;
	copy_model(drive->model, &words[ID_MODEL]);
	drive->present = drive->block.nsectors > 0;
}

static void identify(struct ata_channel *ch, struct ata_drive *drive)
{
	const char *name = drive->block.name;
	enum answer answer = ask(ch, drive);

	if (answer == ANSWER_DISK)
		add_disk(ch, drive);
	if (drive->present)
		printk("%s: %s, %u KiB, %s\n", name, drive->model,
		       drive->block.nsectors / 2, drive->dma ? "DMA" : "PIO");
	else if (answer == ANSWER_DISK)
		printk("%s: a disk without LBA, left alone\n", name);
	else if (answer == ANSWER_PACKET)
		printk("%s: no disk but an ATAPI drive, left alone\n", name);
}

bool ata_identify(struct ata_channel *ch)
{
	u32 channel = ch - ata_channels, i;
	struct ata_drive *drive;
	bool any = false;

	if (inb(ch->control) == ATA_FLOATING)
		return false;
	outb(ch->control, ATA_CONTROL_NIEN);
	for (i = 0; i < ATA_DRIVES; i++) {
		drive = &ch->drive[i];
		drive->channel = ch;
		drive->select = ATA_DEVICE_LBA | (i ? ATA_DEVICE_SLAVE : 0);
		drive->block.name = names[channel][i].name;
		drive->block.rdev = names[channel][i].rdev;
		identify(ch, drive);
		any |= drive->present;
	}
	outb(ch->control, 0);
	return any;
}
