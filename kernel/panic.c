/* SPDX-License-Identifier: MIT */
/*
 * The end of the machine: one sentence, the registers, who called whom, what
 * the trace saw last; then machine_end().
 *
 * A backtrace follows the saved frame pointers. An entry from a trap leaves
 * ebp alone, so the chain goes on into what was interrupted:
 *
 *   do_page_fault <- trap_dispatch(frame) <- [frame: kernel eip] <- sys_..
 *                          |
 *                          '- its saved ebp is frame->ebp, which is how the
 *                             frame is recognised
 *
 * INV-PA1 nothing here trusts a pointer: every frame is looked up in the page
 *         tables before it is read.
 * INV-PA2 a panic within a panic prints its sentence only; a third nothing.
 *
 * Context: any, interrupts off from the first line on.
 */
#include <drivers/drivers.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/task.h>
#include <kernel/trace/trace.h>
#include <mm/page.h>
#include <x86/cpu.h>

#define MAX_DEPTH 1000u /* of frames; repeated ones take no line */
#define TRACE_TAIL 8u
#define VECTOR_DOUBLE_FAULT 8

/* A frame of a C function, as ebp points at it. */
struct c_frame {
	u32 ebp; /* of the caller */
	u32 ret; /* where it goes on */
	struct trap_frame *arg; /* first argument, perhaps a trap frame */
};

static u32 panics;
static u32 last_code, repeats; /* print_code(): what it printed last */

/* May the kernel read LEN bytes at KVA without a fault? */
static bool readable(u32 kva, u32 len)
{
	const u32 *pgd = paddr_to_kva(read_cr3() & PAGE_MASK);
	u32 page, entry;

	if (kva < KERNEL_BASE || kva + len < kva)
		return false;
	for (page = kva & PAGE_MASK; page < kva + len; page += PAGE_SIZE) {
		entry = pgd[page >> PGD_SHIFT];
		if (entry & PTE_P && !(entry & PTE_PSE))
			entry = ((u32 *)paddr_to_kva(entry & PAGE_MASK))
				[page >> PAGE_SHIFT & (PTRS_PER_TABLE - 1)];
		if (!(entry & PTE_P))
			return false;
	}
	return true;
}

static void print_repeats(void)
{
	if (repeats)
		printk("  ... %u times more\n", repeats);
	repeats = 0;
}

/* Calls return behind the call, which may be the next function: BACK is 1
 * for return addresses. A recursion is told in two lines. */
static void print_code(u32 eip, u32 back)
{
	u32 offset;
	const char *name = symbol_name(eip - back, &offset);

	if (eip == last_code) {
		repeats++;
		return;
	}
	print_repeats();
	last_code = eip;
	if (name)
		printk("  %08x %s+%x\n", eip, name, offset + back);
	else
		printk("  %08x\n", eip);
}

static void print_user(const struct trap_frame *frame)
{
	print_repeats();
	printk("  from user mode: eip %08x, esp %08x, vector %u\n",
	       frame->eip, frame->esp, frame->vector);
}

/* The trap frame that the function of C was called with, or NULL. */
static struct trap_frame *called_by_trap(const struct c_frame *c)
{
	u32 arg = (u32)c->arg;

	if (arg <= (u32)c || arg - (u32)c > KSTACK_SIZE ||
	    !readable(arg, sizeof(*c->arg)))
		return NULL;
	if (c->arg->ebp != c->ebp || c->arg->vector > 255)
		return NULL;
	if (c->arg->cs != KERNEL_CS && c->arg->cs != USER_CS)
		return NULL;
	return c->arg;
}

/* System calls get copies of their arguments and no frame, but theirs stands
 * at the top of the task's stack. */
static void print_syscall_user(u32 ebp)
{
	u32 stack = (u32)current + KSTACK_OFFSET;

	if (current && !current->kthread && ebp >= stack &&
	    ebp < stack + KSTACK_SIZE && readable(stack, KSTACK_SIZE))
		print_user(task_frame(current));
}

static void backtrace(u32 ebp)
{
	u32 depth, last = ebp;

	for (depth = 0; depth < MAX_DEPTH; depth++) {
		const struct c_frame *c = (const struct c_frame *)ebp;
		struct trap_frame *frame;

		if (ebp % 4 || !readable(ebp, sizeof(*c)))
			break;
		last = ebp;
		frame = called_by_trap(c);
		if (c->ret)
			print_code(c->ret, 1);
		if (frame && frame_from_user(frame))
			return print_user(frame);
		if (frame)
			print_code(frame->eip, 0);
		if (c->ebp <= ebp)
			break;
		ebp = c->ebp;
	}
	print_repeats();
	print_syscall_user(last);
}

static void print_trace_tail(void)
{
	static char text[160];
	u32 n = MIN(trace_head, TRACE_TAIL), i;

	if (!trace_on)
		return;
	printk("last events:\n");
	for (i = trace_head - n; i != trace_head; i++) {
		trace_format(text, sizeof(text),
			     &trace_ring[i % TRACE_RING]);
		printk("  %s\n", text);
	}
}

static void print_machine(void)
{
	if (current)
		printk("pid %d (%s), cr0 %08x cr2 %08x cr3 %08x cr4 %08x\n",
		       current->pid, current->comm, read_cr0(), read_cr2(),
		       read_cr3(), read_cr4());
	else
		printk("before the first task, cr0 %08x cr2 %08x cr3 %08x\n",
		       read_cr0(), read_cr2(), read_cr3());
}

/* The processor pushes esp only when it comes from user mode, and saves it
 * when it switches tasks. */
static u32 frame_esp(const struct trap_frame *frame)
{
	if (frame_from_user(frame) || frame->vector == VECTOR_DOUBLE_FAULT)
		return frame->esp;
	return (u32)&frame->esp;
}

static void print_registers(const struct trap_frame *frame)
{
	printk("vector %u code %x cs:eip %02x:%08x eflags %08x esp %08x\n",
	       frame->vector, frame->error_code, frame->cs, frame->eip,
	       frame->eflags, frame_esp(frame));
	printk("eax %08x ebx %08x ecx %08x edx %08x\n", frame->eax,
	       frame->ebx, frame->ecx, frame->edx);
	printk("esi %08x edi %08x ebp %08x ds %02x es %02x\n", frame->esi,
	       frame->edi, frame->ebp, frame->ds, frame->es);
}

/* The sentence; ends the machine when this is not the first panic. */
static void begin(const char *fmt, va_list args)
{
	irq_disable();
	if (++panics > 2)
		machine_end(MACHINE_PANIC);
	printk("\nkernel panic: ");
	vprintk(fmt, args);
	printk("\n");
	if (panics > 1)
		machine_end(MACHINE_PANIC);
}

/* Where the kernel was. After a call to nowhere the caller's address lies on
 * top of the stack, and no frame knows it. */
static void print_trapped(const struct trap_frame *frame)
{
	u32 esp = frame_esp(frame);

	print_code(frame->eip, 0);
	if (!readable(frame->eip, 1) && readable(esp, sizeof(u32)))
		print_code(*(u32 *)esp, 1);
}

/* Prints what follows the registers. FRAME: of the trap, or NULL. */
static void __noreturn panic_end(const struct trap_frame *frame, u32 ebp)
{
	printk("backtrace:\n");
	if (frame && frame_from_user(frame)) {
		print_user(frame);
	} else {
		if (frame)
			print_trapped(frame);
		backtrace(ebp);
	}
	print_trace_tail();
	machine_end(MACHINE_PANIC);
}

void panic(const char *fmt, ...)
{
	u32 ebp = (u32)__builtin_frame_address(0);
	u32 eflags = read_eflags();
	va_list args;

	va_start(args, fmt);
	begin(fmt, args);
	va_end(args);
	print_machine();
	printk("eip %08x esp %08x ebp %08x eflags %08x\n",
	       (u32)__builtin_return_address(0),
	       ebp + (u32)offsetof(struct c_frame, arg),
	       ((struct c_frame *)ebp)->ebp, eflags);
	panic_end(NULL, ebp);
}

void panic_frame(struct trap_frame *frame, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	begin(fmt, args);
	va_end(args);
	print_machine();
	print_registers(frame);
	panic_end(frame, frame->ebp);
}
