/* SPDX-License-Identifier: MIT */
/*
 * ATA disks: a queue of requests a channel, and what happens to each.
 *
 *   ata_transfer()    enqueue, sleep until done
 *        |
 *     start_next()  <----------------------------.
 *        |                                        |
 *     ata_issue() ----> drive busy: look again    |
 *        |              at the next tick          |
 *     interrupt ------> sector by sector or DMA --+--> done, -EIO
 *     or time-out ----> reset of the channel -----'
 *
 * INV-AT1 a channel has an active request or an empty queue.
 * INV-AT2 its timer is armed exactly while it has an active request, so none
 *         stays longer than `timeout` after its turn came.
 * INV-AT3 a request is on the stack of a task that sleeps until it is done:
 *         nobody looks at it afterwards.
 *
 * Locks: none; all of it with interrupts off. A drive that twice in a row
 * did not answer is lost: whatever is asked of it fails at once.
 * Read next: drivers/block/ata_io.c, drivers/block/block.c
 */
#include <boot/boot_info.h>
#include <drivers/block/ata.h>
#include <drivers/drivers.h>
#include <drivers/pci.h>
#include <fs/proc/procfs.h>
#include <kernel/printk.h>
#include <kernel/trace/stage.h>
#include <kernel/task.h>
#include <kernel/trap.h>
#include <lib/string.h>
#include <uapi/errno.h>
#include <x86/cpu.h>
#include <x86/io.h>

#define TIMEOUT_DEFAULT 5u /* seconds; ide_timeout= says otherwise */
#define TIMEOUT_MAX 3600u
#define LOST_AFTER 2 /* time-outs in a row */
#define PCI_CLASS_IDE 0x0101u
#define PCI_IDE_MASTER 0x8000u /* in the class register: can DMA */
#define MASTER_PORTS 8u /* of bus_master, a channel */

struct ata_channel ata_channels[ATA_CHANNELS] = {
	{ .base = 0x1f0, .control = 0x3f6, .irq = 14 },
	{ .base = 0x170, .control = 0x376, .irq = 15 },
};

/* Aligned, so that none crosses 64 KiB. */
static struct ata_prd prds[ATA_CHANNELS] __attribute__((aligned(16)));

static u32 timeout = TIMEOUT_DEFAULT * HZ; /* ticks */

/* At most this many sentences in a minute: a bad disk fails often. */
#define LOG_PER_MINUTE 10u
static u32 log_minute, log_count;

static bool may_log(void)
{
	if (ticks / (60 * HZ) != log_minute) {
		log_minute = ticks / (60 * HZ);
		log_count = 0;
	}
	if (++log_count == LOG_PER_MINUTE)
		printk("ata: no more messages in this minute\n");
	return log_count < LOG_PER_MINUTE;
}

static const char *verb(const struct ata_request *req)
{
	return req->write ? "write" : "read";
}

/* --- the active request -------------------------------------------------- */

static void finish(struct ata_channel *ch, struct ata_request *req, int err)
{
	timer_del(&ch->timer);
	ch->active = NULL;
	req->err = err;
	req->done = true;
	wake_up(&req->wait);
}

static void fail(struct ata_channel *ch, struct ata_request *req)
{
	if (may_log())
		printk("%s: %s of sector %u failed: status %02x, error %02x\n",
		       req->drive->block.name, verb(req), req->sector,
		       inb(ch->control), inb(ch->base + ATA_ERROR));
	req->drive->lost = 0;
	finish(ch, req, -EIO);
}

/* True if the channel is free for the next request. */
static bool take_step(struct ata_channel *ch, struct ata_request *req,
		      enum ata_step step)
{
	if (likely(step == ATA_DONE)) {
		req->drive->lost = 0;
		finish(ch, req, 0);
	} else if (step == ATA_FAILED) {
		fail(ch, req);
	}
	return step != ATA_WAIT;
}

/* Gives the active request to its drive, or looks again at the next tick
 * if that is busy. True if the channel is free. */
static bool issue(struct ata_channel *ch, struct ata_request *req)
{
	enum ata_step step = ata_issue(ch, req);

	timer_add(&ch->timer, req->issued ? req->deadline : ticks + 1);
	return take_step(ch, req, step);
}

static void start_next(struct ata_channel *ch)
{
	struct ata_request *req;
	bool is_free = true;

	while (is_free && !list_empty(&ch->queue)) {
		req = list_entry(ch->queue.next, struct ata_request, link);
		list_del(&req->link);
		ch->active = req;
		req->deadline = ticks + timeout;
		if (req->drive->lost >= LOST_AFTER)
			finish(ch, req, -EIO);
		else
			is_free = issue(ch, req);
	}
}

static void give_up(struct ata_channel *ch, struct ata_request *req)
{
	struct ata_drive *drive = req->drive;

	ata_reset(ch, req);
	drive->lost++;
	printk("%s: no answer to a %s of sector %u for %u s: %s\n",
	       drive->block.name, verb(req), req->sector, timeout / HZ,
	       drive->lost < LOST_AFTER ? "channel reset" : "drive given up");
	finish(ch, req, -EIO);
}

/* The timer: a busy drive is asked again, a silent one given up. */
static void time_is_up(void *arg)
{
	struct ata_channel *ch = arg;
	struct ata_request *req = ch->active;
	bool is_free = true;

	if ((s32)(ticks - req->deadline) >= 0)
		give_up(ch, req);
	else
		is_free = issue(ch, req);
	if (is_free)
		start_next(ch);
}

static void interrupt(struct ata_channel *ch)
{
	struct ata_request *req = ch->active;

	if (!req || !req->issued)
		inb(ch->base + ATA_STATUS); /* nobody's: acknowledge */
	else if (take_step(ch, req, ata_interrupt(ch, req)))
		start_next(ch);
}

static void primary_interrupt(struct trap_frame *frame)
{
	interrupt(&ata_channels[0]);
}

static void secondary_interrupt(struct trap_frame *frame)
{
	interrupt(&ata_channels[1]);
}

/* --- who asks ------------------------------------------------------------- */

static void enqueue(struct ata_channel *ch, struct ata_request *req)
{
	u32 flags = irq_save();

	list_add_tail(&req->link, &ch->queue);
	if (!ch->active)
		start_next(ch);
	irq_restore(flags);
}

/* block_device.transfer */
static int ata_transfer(struct block_device *dev, u32 sector, u32 count,
			paddr_t paddr, bool write)
{
	struct ata_drive *drive = dev->private;
	struct ata_request req = {
		.drive = drive,
		.sector = sector,
		.count = count,
		.paddr = paddr,
		.write = write,
	};

	wait_queue_init(&req.wait);
	enqueue(drive->channel, &req);
	may_sleep(SLEEP_disk_wait);
	wait_event(&req.wait, req.done);
	return req.err;
}

/* --- boot ----------------------------------------------------------------- */

/* The first of the controller's bus-master ports; 0: no DMA. */
static u16 find_bus_master(void)
{
	char word[8];
	u32 dev, ports;

	if (cmdline_get("ide", word, sizeof(word))) {
		if (!strcmp(word, "nodma"))
			return 0;
		cmdline_refuse("ide", word);
	}
	if (!pci_find(PCI_CLASS_IDE, &dev) ||
	    !(pci_read(dev, PCI_CLASS) & PCI_IDE_MASTER))
		return 0;
	ports = pci_read(dev, PCI_BAR4) & 0xfffc;
	if (ports)
		pci_allow(dev, PCI_COMMAND_IO | PCI_COMMAND_MASTER);
	return ports;
}

static void read_timeout(void)
{
	char word[8];
	u32 seconds;

	if (!cmdline_get("ide_timeout", word, sizeof(word)))
		return;
	if (proc_parse_u32(word, &seconds) || !seconds ||
	    seconds > TIMEOUT_MAX)
		cmdline_refuse("ide_timeout", word);
	else
		timeout = seconds * HZ;
}

static void add_drives(struct ata_channel *ch)
{
	u32 i;

	for (i = 0; i < ATA_DRIVES; i++) {
		if (!ch->drive[i].present)
			continue;
		ch->drive[i].block.transfer = ata_transfer;
		ch->drive[i].block.private = &ch->drive[i];
		block_register(&ch->drive[i].block);
	}
}

void ata_init(void)
{
	static const irq_handler_t handlers[ATA_CHANNELS] = {
		primary_interrupt, secondary_interrupt
	};
	u16 ports = find_bus_master();
	struct ata_channel *ch;
	u32 i;

	read_timeout();
	for (i = 0; i < ATA_CHANNELS; i++) {
		ch = &ata_channels[i];
		list_init(&ch->queue);
		ch->timer = (struct timer){ .fn = time_is_up, .arg = ch };
		ch->prd = &prds[i];
		ch->bus_master = ports ? ports + i * MASTER_PORTS : 0;
		if (!ata_identify(ch))
			continue;
		irq_register(ch->irq, handlers[i], i ? "ata1" : "ata0");
		add_drives(ch);
	}
}
