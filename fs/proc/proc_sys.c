/* SPDX-License-Identifier: MIT */
/*
 * /proc: what readers of Linux look for and this kernel answers with a
 * constant or a figure of its own: devices modules interrupts tty/drivers
 * sysvipc/{sem,msg}, and sys/{kernel,vm,fs}.
 *
 * There are no modules, and one policy of memory: nothing is promised beyond
 * what the limits allow. A file that would have to hold a
 * lie is not here.
 */
#include <fs/file.h>
#include <fs/proc/procfs.h>
#include <fs/proc/proc.h>
#include <kernel/random.h>
#include <kernel/task.h>
#include <mm/mm.h>

#define CAP_LAST 40u /* of the masks in <pid>/status */
#define ENTROPY_BITS 256u
#define PIPE_BYTES 65536u
#define ID_OVERFLOW 65534u

static int text_show(struct seq_buf *s, void *arg)
{
	seq_printf(s, "%s", (const char *)arg);
	return 0;
}

static int number_show(struct seq_buf *s, void *arg)
{
	seq_printf(s, "%u\n", (u32)arg);
	return 0;
}

static int variable_show(struct seq_buf *s, void *arg)
{
	seq_printf(s, "%u\n", *(const u32 *)arg);
	return 0;
}

/* Open files: in use, made but free (never any), the most. */
static int file_nr_show(struct seq_buf *s, void *arg)
{
	seq_printf(s, "%u\t0\t%u\n", nr_files, NR_FILES_MAX);
	return 0;
}

/* --- random ------------------------------------------------------------- */

static int show_uuid(struct seq_buf *s, const u8 *b)
{
	u32 i;

	for (i = 0; i < 16; i++)
		seq_printf(s, "%s%02x",
			   i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
			   b[i]);
	seq_printf(s, "\n");
	return 0;
}

/* Sixteen bytes as a UUID of version 4. */
static void make_uuid(u8 *b)
{
	get_random_bytes(b, 16);
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
}

static int uuid_show(struct seq_buf *s, void *arg)
{
	u8 bytes[16];

	make_uuid(bytes);
	return show_uuid(s, bytes);
}

/* Made when it is first asked for, and then the same until the end. */
static int boot_id_show(struct seq_buf *s, void *arg)
{
	static u8 bytes[16];

	if (!bytes[6])
		make_uuid(bytes);
	return show_uuid(s, bytes);
}

/* --- interrupts --------------------------------------------------------- */

static int interrupts_show(struct seq_buf *s, void *arg)
{
	u32 i;

	seq_printf(s, "           CPU0\n");
	for (i = 0; i < IRQ_LINES; i++)
		if (irq_name(i))
			seq_printf(s, "%3u: %10u    XT-PIC      %s\n", i,
				   irq_count(i), irq_name(i));
	return 0;
}

/* --- the table ---------------------------------------------------------- */

static const char devices_text[] =
	"Character devices:\n  1 mem\n  4 tty\n  4 ttyS\n  5 /dev/tty\n"
	"  5 /dev/console\n 10 misc\n\nBlock devices:\n"
	"  3 ide0\n 22 ide1\n";
static const char tty_drivers_text[] =
	"/dev/tty             /dev/tty        5       0 system:/dev/tty\n"
	"/dev/console         /dev/console    5       1 system:console\n"
	"/dev/vc/0            /dev/vc/0       4       0 system:vtmaster\n"
	"serial               /dev/ttyS       4      64 serial\n"
	"unknown              /dev/tty        4    1-63 console\n";
static const char sem_text[] =
	"       key      semid perms      nsems   uid   gid  cuid  cgid"
	"      otime      ctime\n";
static const char msg_text[] =
	"       key      msqid perms      cbytes       qnum lspid lrpid   uid"
	"   gid  cuid  cgid      stime      rtime      ctime\n";

#define TEXT(where, what) \
	{ .path = where, .mode = 0444, .show = text_show, \
	  .arg = (void *)(what) }
#define NUMBER(where, what) \
	{ .path = where, .mode = 0444, .show = number_show, \
	  .arg = (void *)(what) }

static struct proc_entry entries[] = {
	TEXT("devices", devices_text),
	TEXT("modules", ""),
	TEXT("tty/drivers", tty_drivers_text),
	TEXT("sysvipc/sem", sem_text),
	TEXT("sysvipc/msg", msg_text),
	{ .path = "interrupts", .mode = 0444, .show = interrupts_show },
	{ .path = "sys/kernel/threads-max", .mode = 0444,
	  .show = variable_show, .arg = &max_tasks },
	NUMBER("sys/kernel/ngroups_max", NGROUPS_MAX),
	NUMBER("sys/kernel/cap_last_cap", CAP_LAST),
	NUMBER("sys/kernel/overflowuid", ID_OVERFLOW),
	NUMBER("sys/kernel/overflowgid", ID_OVERFLOW),
	NUMBER("sys/kernel/panic", 0),
	NUMBER("sys/kernel/randomize_va_space", 0),
	TEXT("sys/kernel/printk", "7\t4\t1\t7\n"),
	TEXT("sys/kernel/core_pattern", "core\n"),
	{ .path = "sys/kernel/random/uuid", .mode = 0444, .show = uuid_show },
	{ .path = "sys/kernel/random/boot_id", .mode = 0444,
	  .show = boot_id_show },
	NUMBER("sys/kernel/random/entropy_avail", ENTROPY_BITS),
	NUMBER("sys/kernel/random/poolsize", ENTROPY_BITS),
	NUMBER("sys/vm/overcommit_memory", 1),
	NUMBER("sys/vm/overcommit_ratio", 50),
	NUMBER("sys/vm/swappiness", 0),
	NUMBER("sys/vm/mmap_min_addr", MMAP_MIN_ADDR),
	NUMBER("sys/fs/file-max", NR_FILES_MAX),
	{ .path = "sys/fs/file-nr", .mode = 0444, .show = file_nr_show },
	NUMBER("sys/fs/nr_open", NR_OPEN_MAX),
	NUMBER("sys/fs/pipe-max-size", PIPE_BYTES),
};

void sys_proc_init(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(entries); i++)
		proc_register(&entries[i]);
}
