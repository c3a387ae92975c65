/* SPDX-License-Identifier: MIT */
/*
 * What the files of kernel/ that make and end tasks share among themselves:
 * task.c sched.c fork.c exec.c exit.c wait.c entry.S.
 */
#ifndef KERNEL_INTERNAL_H
#define KERNEL_INTERNAL_H

#include <kernel/task.h>

/* kernel/task.c ---------------------------------------------------------- */

/* Limits, process 0 and its resource limits. Once, from sched_init(). */
void task_init(void);

/* A block that is a copy of FROM, with its own links and counters and a process
 * of its own, in no list, without resources; NULL: no memory or too many. May
 * sleep. */
struct task *task_alloc(const struct task *from);
/* Gives back a block and its process, which are in no list. */
void task_free(struct task *task);

/* Gives TASK and its process a number and puts them into the lists, the process
 * below PARENT. */
void task_publish(struct task *task, struct process *parent);
/* Takes a zombie out of all lists and frees its block, or, if it is the one
 * that runs, has schedule() free it later. */
void task_release(struct task *task);

/* Frees the block left behind by a task that released itself. Does nothing
 * while that task still runs. Interrupts off. */
void task_free_dead(void);
extern struct task *dead_task; /* the block, or NULL */

/* Stops the machine if TASK has overrun its stack. */
void task_check_stack(const struct task *task);

/* kernel/sched.c --------------------------------------------------------- */

/* fork: what of the current TASK is only in the processor, to its fields. */
void task_save_registers(struct task *task);
/* exec: segments, thread-local storage and FPU as a new program finds them. */
void task_clear_registers(void);

/* kernel/switch.asm, kernel/entry.S -------------------------------------- */

void switch_to(struct task *prev, struct task *next);
void ret_from_fork(void);

/* kernel/fork.c ---------------------------------------------------------- */

/* From ret_from_fork: what a new task does before its first user
 * instruction. FRAME is its frame of user mode. */
void task_first_run(struct trap_frame *frame);

/* A private copy of OLD, count 1; NULL: no memory. May sleep. */
struct sighand *sighand_dup(const struct sighand *old);
void sighand_put(struct sighand *sighand);

/* kernel/exit.c ---------------------------------------------------------- */

/* The current task lets its mm go (exec, exit): clears the word at
 * clear_child_tid if others share it, wakes a parent in vfork. May sleep. */
void mm_release(void);

/* kernel/usercopy.c ------------------------------------------------------ */

struct ex_entry {
	u32 insn; /* address of an instruction that may fault */
	u32 fixup; /* where to go on if it does */
};

/* boot/kernel.lds: all __ex_table sections, in link order. */
extern const struct ex_entry __ex_table_start[], __ex_table_end[];

/* One row of the table, for asm statements: addresses or local labels. */
#define EX_TABLE(insn, fixup)               \
	".pushsection __ex_table, \"a\"\n\t" \
	".long " insn ", " fixup "\n\t"      \
	".popsection\n\t"

#endif
