/* SPDX-License-Identifier: MIT */
/*
 * ATA disks: what the driver's files share.
 *
 *   ata_transfer() --> channel.queue --> active --> drive --> interrupt
 *   (sleeps)           first come,       one a                 |
 *      ^               first served      channel               |
 *      '--------------- woken by -------------------------------'
 *
 *   ata.c           queue, interrupt, time-out
 *   ata_io.c        one request: registers, DMA, PIO
 *   ata_identify.c  which drives there are
 */
#ifndef DRIVERS_ATA_H
#define DRIVERS_ATA_H

#include <drivers/block/block.h>
#include <kernel/lock.h>
#include <kernel/time/time.h>

#define ATA_CHANNELS 2u
#define ATA_DRIVES 2u /* of a channel: master and slave */

/* Ports of a channel, from `base` on. */
#define ATA_DATA 0
#define ATA_ERROR 1
#define ATA_COUNT 2
#define ATA_LBA_LOW 3
#define ATA_LBA_MID 4
#define ATA_LBA_HIGH 5
#define ATA_DEVICE 6
#define ATA_STATUS 7 /* reading it acknowledges the interrupt */
#define ATA_COMMAND 7

/* The port `control`: read, the status without acknowledging. */
#define ATA_CONTROL_NIEN 0x02 /* no interrupts */
#define ATA_CONTROL_SRST 0x04 /* resets both drives */

#define ATA_ERR 0x01 /* the command failed: see ATA_ERROR */
#define ATA_DRQ 0x08 /* wants to move data */
#define ATA_DF 0x20 /* the drive itself failed */
#define ATA_BSY 0x80 /* nothing else of the status holds */
#define ATA_FLOATING 0xff /* there is nobody on this channel */

#define ATA_DEVICE_LBA 0xe0 /* with the old bits that are always one */
#define ATA_DEVICE_SLAVE 0x10

/* Looks at the alternate status, about a microsecond each, at boot and in
 * interrupts: the most that anything here waits without sleeping. */
#define ATA_POLLS_BOOT 1000u /* for all drives together */
#define ATA_POLLS_DATA 200u /* until a drive takes the first sector */

struct ata_channel;

struct ata_drive {
	struct block_device block; /* block.private is this drive */
	struct ata_channel *channel;
	u8 select; /* value of ATA_DEVICE without the sector's bits */
	bool present; /* a disk */
	bool dma; /* it and the controller can */
	u8 lost; /* time-outs in a row */
	char model[41];
};

struct ata_request { /* on the stack of who sleeps for it */
	struct list_head link; /* in channel->queue */
	struct ata_drive *drive;
	u32 sector, count; /* sectors, all in one page */
	paddr_t paddr;
	bool write;
	bool dma; /* decided when it starts */
	bool issued; /* the drive has the command */
	bool done; /* err is valid */
	int err; /* 0 or -EIO */
	u32 moved; /* PIO: sectors through the data port so far */
	u32 deadline; /* tick of the time-out */
	struct wait_queue wait;
};

struct ata_prd { /* of a bus-master transfer: one piece of memory */
	u32 paddr;
	u16 bytes;
	u16 last; /* PRD_LAST of drivers/block/ata_io.c */
};

struct ata_channel {
	u16 base, control; /* ports */
	u16 bus_master; /* ports; 0: no DMA */
	u8 irq;
	u8 select; /* last value of ATA_DEVICE, without the sector's bits */
	bool present;
	struct list_head queue; /* of requests that wait for their turn */
	struct ata_request *active; /* NULL: the channel is idle */
	struct timer timer; /* runs while there is an active one */
	struct ata_prd *prd; /* of the active one */
	struct ata_drive drive[ATA_DRIVES];
};

extern struct ata_channel ata_channels[ATA_CHANNELS];

/* --- ata_io.c: interrupts are off ---------------------------------------- */

enum ata_step {
	ATA_WAIT, /* for the drive */
	ATA_DONE, /* everything is moved */
	ATA_FAILED,
};

/* About 400 ns, which drives have to raise BSY. */
void ata_delay(const struct ata_channel *ch);
/* Gives REQ to its drive. ATA_WAIT with req->issued false: it is busy. */
enum ata_step ata_issue(struct ata_channel *ch, struct ata_request *req);
/* The interrupt of REQ, or somebody else's: what comes next. */
enum ata_step ata_interrupt(struct ata_channel *ch, struct ata_request *req);
/* Takes REQ away from its drive and resets the channel. */
void ata_reset(struct ata_channel *ch, const struct ata_request *req);

/* --- ata_identify.c: at boot ---------------------------------------------- */

/* Fills ch->drive[]; false: there is no drive. One sentence in the log. */
bool ata_identify(struct ata_channel *ch);

#endif
