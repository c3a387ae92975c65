/* SPDX-License-Identifier: MIT */
/*
 * /dev/vm: what tools/vm hears of COMMAND, as frames on COM2.
 *
 *   +------+--------------+-----------------+
 *   | type | length LE 16 | payload         |
 *   +------+--------------+-----------------+
 *    'S'    0                                COMMAND starts
 *    'D'    1..4096        output, as it is  write()
 *    'X'    4              exit status LE    COMMAND has ended
 *
 * It is no terminal: isatty() is false and no byte is translated.
 *
 * INV-VC1 frames are whole and do not interleave: vm_lock is held from the
 *         first byte of one to its last.
 *
 * See: docs/vm.md, user/vminit.c.
 */
#include <drivers/drivers.h>
#include <fs/file.h>
#include <kernel/lock.h>
#include <kernel/usercopy.h>
#include <uapi/errno.h>
#include <uapi/stat.h>

#define VM_PORT 1 /* COM2 */
#define VM_PAYLOAD 4096u
#define VM_HEADER 3u

#define VM_IOC_START 0x5601 /* COMMAND starts */
#define VM_IOC_EXIT 0x5602 /* it has ended; ARG is its status */

#define VM_MAJOR 10
#define VM_MINOR 240

static struct mutex vm_lock;
static char vm_frame[VM_HEADER + VM_PAYLOAD]; /* under vm_lock */

static void send_frame(char type, u32 len)
{
	vm_frame[0] = type;
	vm_frame[1] = len;
	vm_frame[2] = len >> 8;
	serial_write(VM_PORT, vm_frame, VM_HEADER + len);
}

static void send_start(void)
{
	mutex_lock(&vm_lock);
	send_frame('S', 0);
	mutex_unlock(&vm_lock);
}

static void send_exit(u32 status)
{
	u32 i;

	mutex_lock(&vm_lock);
	for (i = 0; i < sizeof(status); i++)
		vm_frame[VM_HEADER + i] = status >> (8 * i);
	send_frame('X', sizeof(status));
	mutex_unlock(&vm_lock);
}

/* One frame of what BUF holds; bytes sent or -EFAULT. May sleep. */
static long send_data(const char *buf, u32 len)
{
	u32 n = MIN(len, VM_PAYLOAD);

	n -= copy_from_user(vm_frame + VM_HEADER, buf, n);
	if (!n)
		return -EFAULT;
	send_frame('D', n);
	return n;
}

static long vm_write(struct file *file, const char *buf, u32 len, u32 *pos)
{
	u32 total = 0;
	long n = 0;

	mutex_lock(&vm_lock);
	while (total < len && n >= 0) {
		n = send_data(buf + total, len - total);
		total += MAX(n, 0);
	}
	mutex_unlock(&vm_lock);
	return total ? (long)total : n;
}

static long vm_ioctl(struct file *file, u32 cmd, u32 arg)
{
	if (cmd == VM_IOC_START)
		send_start();
	else if (cmd == VM_IOC_EXIT)
		send_exit(arg);
	else
		return -ENOTTY;
	return 0;
}

static const struct file_operations vm_fops = {
	.write = vm_write,
	.ioctl = vm_ioctl,
};

void vmchan_init(void)
{
	mutex_init(&vm_lock, LOCK_TTY, "vm");
	devfs_register("vm", 0600, makedev(VM_MAJOR, VM_MINOR),
		       &vm_fops);
}
