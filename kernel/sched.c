/* SPDX-License-Identifier: MIT */
/*
 * The scheduler: one queue, first come, first served, slices of 100 ms.
 *
 *   wake_up_process() --> tail [ t | t | t ] head --> running
 *                          ^                 ^           |
 *                          |                 '-- woken by an interrupt
 *                          '-- slice over, sched_yield --'--> sleeps
 *
 * INV-1  a task is on the run queue iff its state is TASK_RUNNING and it is
 *        not the one that runs.
 * INV-2  process 0 is never on the queue: it runs when the queue is empty,
 *        and it never sleeps.
 * INV-3  the kernel is not preempted. A used-up slice sets WORK_RESCHED,
 *        which is looked at on the way to user mode.
 *
 * Interrupts are off from the choice of the next task until it runs, so
 * handlers may wake tasks at any time.
 *
 * What a switch changes: segments fs gs and their descriptors, FPU, CR3 (if
 * the address space is another one), esp0, and in switch_to() the stack.
 */
#include <kernel/fpu.h>
#include <kernel/internal.h>
#include <kernel/time/itimer.h>
#include <kernel/panic.h>
#include <kernel/syscall.h>
#include <kernel/trace/trace.h>
#include <lib/string.h>
#include <mm/mm.h>
#include <x86/cpu.h>

#define SLICE_TICKS 10

u32 nr_switches;

static LIST_HEAD(run_queue);

static inline void save_segments(struct task *task)
{
	asm volatile("movl %%gs, %0\n\tmovl %%fs, %1"
		     : "=r"(task->gs), "=r"(task->fs));
}

/* A selector whose descriptor the program has since taken away is loaded as
 * null: using it is then that program's fault. */
static inline void load_segments(const struct task *task)
{
	u32 gs = task->gs, fs = task->fs;

	asm volatile("1:	movl %0, %%gs\n"
		     "2:	movl %1, %%fs\n"
		     "3:\n\t"
		     ".subsection 1\n"
		     "4:	xorl %0, %0\n\t"
		     "jmp 1b\n"
		     "5:	xorl %1, %1\n\t"
		     "jmp 2b\n\t"
		     ".previous\n\t"
		     EX_TABLE("1b", "4b")
		     EX_TABLE("2b", "5b")
		     : "+r"(gs), "+r"(fs));
}

static inline void load_tls(const struct task *task)
{
	gdt[GDT_TLS_MIN] = task->tls[0];
	gdt[GDT_TLS_MIN + 1] = task->tls[1];
	gdt[GDT_TLS_MIN + 2] = task->tls[2];
}

BUILD_ASSERT(GDT_TLS_COUNT == 3, "load_tls() is written out");

void task_save_registers(struct task *task)
{
	save_segments(task);
	fpu_save(task);
}

void task_clear_registers(void)
{
	asm volatile("movl %0, %%gs\n\tmovl %0, %%fs" : : "r"(0));
	memset(current->tls, 0, sizeof(current->tls));
	load_tls(current);
	fpu_reset();
}

static void switch_context(struct task *prev, struct task *next)
{
	if (!prev->kthread)
		task_save_registers(prev);
	current_task = next;
	cpu_tss.esp0 = (u32)next + KSTACK_OFFSET + KSTACK_SIZE;
	if (!next->kthread) {
		load_tls(next);
		load_segments(next);
		fpu_restore(next);
	}
	if (next->mm && !mm_is_loaded(next->mm))
		mm_load(next->mm);
	switch_to(prev, next);
}

/* Takes the task that waits longest off the queue; process 0 if none. */
static struct task *pick_next(void)
{
	struct task *next;

	if (list_empty(&run_queue))
		return &idle_task;
	next = list_entry(run_queue.next, struct task, run);
	list_del(&next->run);
	return next;
}

/* Puts PREV where its state says and counts the switch. */
static void put_prev(struct task *prev)
{
	prev->work &= ~WORK_RESCHED;
	if (prev == &idle_task)
		return;
	if (prev->state == TASK_RUNNING) {
		list_add_tail(&prev->run, &run_queue);
		prev->nivcsw++;
	} else {
		prev->nvcsw++;
	}
}

void schedule(void)
{
	struct task *prev = current, *next;
	u32 flags = irq_save();

	ASSERT(!irq_depth);
	ASSERT(prev != &idle_task || prev->state == TASK_RUNNING);
	task_check_stack(prev);
	if (unlikely(dead_task))
		task_free_dead();
	put_prev(prev);
	next = pick_next();
	next->slice = SLICE_TICKS;
	if (next != prev) {
		nr_switches++;
		TRACE(task_switch, prev->pid, next->pid);
		switch_context(prev, next);
	}
	irq_restore(flags);
}

/* What an interrupt wakes (a key, a timer) has waited for the world outside:
 * it goes first, and the running task makes way for it. */
static void enqueue(struct task *task)
{
	if (!irq_depth) {
		list_add_tail(&task->run, &run_queue);
		return;
	}
	list_add(&task->run, &run_queue);
	current->work |= WORK_RESCHED;
}

void wake_up_process(struct task *task)
{
	u32 flags = irq_save();

	if (task->state != TASK_RUNNING && task->state != TASK_ZOMBIE) {
		task->state = TASK_RUNNING;
		if (task != current)
			enqueue(task);
	}
	irq_restore(flags);
}

/* RLIMIT_CPU, once a second of processor time: SIGXCPU, then SIGKILL. */
static void check_cpu_limit(struct task *task)
{
	const struct rlimit *rlim = &task->process->rlim[RLIMIT_CPU];
	u32 used = task->utime + task->stime;

	if (rlim->rlim_cur == RLIM_INFINITY || used % HZ)
		return;
	if (used / HZ >= rlim->rlim_max)
		send_sig(SIGKILL, task, NULL);
	else if (used / HZ >= rlim->rlim_cur)
		send_sig(SIGXCPU, task, NULL);
}

void sched_tick(struct trap_frame *frame)
{
	struct task *task = current;
	const struct process *process = task->process;

	if (frame_from_user(frame))
		task->utime++;
	else
		task->stime++;
	if (task == &idle_task)
		return;
	check_cpu_limit(task);
	if (unlikely(process->itimer_virtual.left | process->itimer_prof.left))
		itimer_tick(task, frame_from_user(frame));
	if (--task->slice <= 0)
		task->work |= WORK_RESCHED;
}

long sys_sched_yield(void)
{
	schedule();
	return 0;
}

void sched_init(void)
{
	fpu_init();
	task_init();
}
