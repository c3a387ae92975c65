/* SPDX-License-Identifier: MIT */
/*
 * One request with an ATA drive, from its registers to its last sector.
 *
 *   DMA   table of one piece -> command -> start -> interrupt: all moved
 *   PIO   read    command -> interrupt: sector -> interrupt: sector ...
 *         write   command, sector -> interrupt: sector -> interrupt: done
 *
 *   bus master ports   +0 command   start, direction
 *                      +2 status    interrupt, error; written back to clear
 *                      +4 table     physical address of struct ata_prd
 *
 * INV-AI1 a request that is over is out of the drive's hands: its bus master
 *         is stopped before anybody may use the frame for something else.
 *
 * Everything here runs with interrupts off and does not sleep.
 */
#include <drivers/block/ata.h>
#include <mm/page.h>
#include <x86/io.h>

#define CMD_READ 0x20
#define CMD_WRITE 0x30
#define CMD_READ_DMA 0xc8
#define CMD_WRITE_DMA 0xca

#define BM_COMMAND 0
#define BM_STATUS 2
#define BM_TABLE 4
#define BM_START 0x01
#define BM_TO_MEMORY 0x08
#define BM_ERROR 0x02
#define BM_INTERRUPT 0x04

#define PRD_LAST 0x8000u
#define SECTOR_WORDS (SECTOR_SIZE / 2)
#define RESET_READS 8u /* of a port: five microseconds and more */

static inline u8 alt_status(const struct ata_channel *ch)
{
	return inb(ch->control);
}

void ata_delay(const struct ata_channel *ch)
{
	u32 i;

	for (i = 0; i < 4; i++)
		alt_status(ch);
}

/* Moves the next sector of REQ through the data port. */
static void pio_sector(struct ata_channel *ch, struct ata_request *req)
{
	char *at = paddr_to_kva(req->paddr + req->moved++ * SECTOR_SIZE);

	if (req->write)
		outsw(ch->base + ATA_DATA, at, SECTOR_WORDS);
	else
		insw(ch->base + ATA_DATA, at, SECTOR_WORDS);
}

/* Drives take the first sector of a write without an interrupt. */
static enum ata_step pio_first(struct ata_channel *ch, struct ata_request *req)
{
	u32 left = ATA_POLLS_DATA;
	u8 status;

	if (!req->write)
		return ATA_WAIT;
	ata_delay(ch);
	do
		status = alt_status(ch);
	while ((status & ATA_BSY || !(status & (ATA_DRQ | ATA_ERR | ATA_DF))) &&
	       --left);
	if (!(status & ATA_DRQ))
		return ATA_FAILED;
	pio_sector(ch, req);
	return ATA_WAIT;
}

static void dma_prepare(struct ata_channel *ch, const struct ata_request *req)
{
	ch->prd->paddr = req->paddr;
	ch->prd->bytes = req->count * SECTOR_SIZE;
	ch->prd->last = PRD_LAST;
	outl(ch->bus_master + BM_TABLE, kva_to_paddr(ch->prd));
	outb(ch->bus_master + BM_COMMAND, req->write ? 0 : BM_TO_MEMORY);
	outb(ch->bus_master + BM_STATUS, BM_INTERRUPT | BM_ERROR);
}

static void dma_start(struct ata_channel *ch, const struct ata_request *req)
{
	outb(ch->bus_master + BM_COMMAND,
	     req->write ? BM_START : BM_START | BM_TO_MEMORY);
}

static u8 command_of(const struct ata_request *req)
{
	if (req->dma)
		return req->write ? CMD_WRITE_DMA : CMD_READ_DMA;
	return req->write ? CMD_WRITE : CMD_READ;
}

/* Makes the drive of REQ the one the registers are of. */
static void select_drive(struct ata_channel *ch, const struct ata_request *req)
{
	u8 select = req->drive->select;

	outb(ch->base + ATA_DEVICE, select | req->sector >> 24);
	if (ch->select == select)
		return;
	ch->select = select;
	ata_delay(ch);
}

enum ata_step ata_issue(struct ata_channel *ch, struct ata_request *req)
{
	u8 status;

	select_drive(ch, req);
	status = alt_status(ch);
	if (status == ATA_FLOATING)
		return ATA_FAILED;
	if (status & (ATA_BSY | ATA_DRQ))
		return ATA_WAIT;
	req->issued = true;
	req->dma = req->drive->dma;
	outb(ch->base + ATA_COUNT, req->count);
	outb(ch->base + ATA_LBA_LOW, req->sector);
	outb(ch->base + ATA_LBA_MID, req->sector >> 8);
	outb(ch->base + ATA_LBA_HIGH, req->sector >> 16);
	if (req->dma)
		dma_prepare(ch, req);
	outb(ch->base + ATA_COMMAND, command_of(req));
	if (!req->dma)
		return pio_first(ch, req);
	dma_start(ch, req);
	return ATA_WAIT;
}

/* Stops the bus master; true if it was this channel that interrupted and,
 * in *FAILED, whether memory could not be reached. */
static bool dma_stop(struct ata_channel *ch, bool *failed)
{
	u8 status = inb(ch->bus_master + BM_STATUS);

	if (!(status & BM_INTERRUPT))
		return false;
	outb(ch->bus_master + BM_COMMAND, 0);
	outb(ch->bus_master + BM_STATUS, BM_INTERRUPT | BM_ERROR);
	*failed = status & BM_ERROR;
	return true;
}

/* The drive has had or has filled a sector: the next one. */
static enum ata_step pio_next(struct ata_channel *ch, struct ata_request *req,
			      u8 status)
{
	if (req->write && req->moved == req->count)
		return ATA_DONE;
	if (!(status & ATA_DRQ))
		return ATA_FAILED;
	pio_sector(ch, req);
	return !req->write && req->moved == req->count ? ATA_DONE : ATA_WAIT;
}

enum ata_step ata_interrupt(struct ata_channel *ch, struct ata_request *req)
{
	bool failed = false;
	u8 status;

	if (req->dma && !dma_stop(ch, &failed))
		return ATA_WAIT;
	status = inb(ch->base + ATA_STATUS);
	if (!req->dma && status & ATA_BSY)
		return ATA_WAIT;
	if (failed || status & (ATA_BSY | ATA_DF | ATA_ERR))
		return ATA_FAILED;
	return req->dma ? ATA_DONE : pio_next(ch, req, status);
}

void ata_reset(struct ata_channel *ch, const struct ata_request *req)
{
	u32 i;

	if (req->dma)
		outb(ch->bus_master + BM_COMMAND, 0);
	outb(ch->control, ATA_CONTROL_SRST);
	for (i = 0; i < RESET_READS; i++)
		alt_status(ch);
	outb(ch->control, 0);
	ch->select = 0;
}
