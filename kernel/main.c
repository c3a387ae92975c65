/* SPDX-License-Identifier: MIT */
/*
 * kmain(): every subsystem in the order in which it is started, then the
 * idle loop.
 *
 * Called by boot/entry.asm in the high half, on the boot stack, with
 * interrupts off and the boot page directory. From here to idle() one
 * thing happens after the other; then this is process 0, which runs
 * when nobody else wants to.
 */
#include <boot/boot.h>
#include <boot/boot_info.h>
#include <drivers/block/block.h>
#include <drivers/drivers.h>
#include <fs/file.h>
#include <ipc/shm/shm.h>
#include <kernel/main.h>
#include <kernel/printk.h>
#include <fs/proc/proc.h>
#include <kernel/task.h>
#include <kernel/time/time.h>
#include <kernel/trace/trace.h>
#include <mm/mm.h>
#include <x86/cpu.h>

/* Interrupts are off from the moment the run queue is seen empty until the
 * processor waits: a wake-up in between would be slept through. */
static void __noreturn idle(void)
{
	for (;;) {
		irq_disable();
		schedule();
		trace_send_idle();
		cpu_wait_for_irq();
	}
}

void kmain(u32 magic, paddr_t mbi)
{
	console_init(); /* text to COM1 and VGA */
	printk("Faultline, a teaching kernel for i386\n");
	multiboot_parse(magic, mbi); /* memory map, modules, command line */
	cmdline_check(); /* words that mean nothing are named */
	gdt_init(); /* segments, TSS */
	idt_init(); /* 256 gates: from here on faults have names */
	pic_init(); /* interrupt lines, all masked */
	mem_init(&boot_info); /* frames, final page directory, kmalloc */
	page_cache_init(); /* pages of files by (object, index) */
	trace_init(); /* event ring, gate port */
	irq_init(); /* handlers of interrupt lines */
	ata_init(); /* disks */
	sched_init(); /* FPU, process 0, limits on tasks */
	time_init(); /* wall clock at boot */
	tty_init(); /* terminals: COM1, keyboard and screen */
	pty_init(); /* terminals whose other end is a program */
	kbd_init(); /* keys to the screen's terminal */
	vmchan_init(); /* COM2 for tools/vm */
	shm_init(); /* table of segments */
	mm_proc_init(); /* /proc/meminfo, <pid>/maps, check */
	ipc_proc_init(); /* /proc/sysvipc, sys/kernel/shm* */
	kernel_proc_init(); /* /proc/version, <pid>/status, ... */
	block_init(); /* /proc/partitions, diskstats */
	fs_init(); /* root from the initrd, /proc, /dev */
	printk("boot: %u frames, %u free, %u of the kernel\n", max_pfn,
	       nr_free_pages, nr_kernel_pages);
	serial_irq_init(); /* COM1 input to its terminal, which echoes it */
	task_start_init(); /* process 1, which runs the first program */
	pit_init(); /* the tick */
	idle();
}
