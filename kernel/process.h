/* SPDX-License-Identifier: MIT */
/*
 * A process: what all its threads have in common. A thread is a struct task
 * (kernel/task.h): a stack, a state, registers, a mask of signals, an mm.
 *
 *   task --process--> struct process --parent--> struct process
 *     '<---leader-----'   '--children/sibling-- ring of those it made
 *
 * Today every process has one task, its leader, whose number is the process's.
 *
 * INV-PR1  it is made with its leader and freed with the leader's block: who
 *          has the one may use the other.
 *
 * Fields: [c] constant after fork; [p] the process or, while it sleeps, its
 * parent; the rest is atomic. See: docs/decisions/0016.
 */
#ifndef KERNEL_PROCESS_H
#define KERNEL_PROCESS_H

#include <kernel/lock.h>
#include <kernel/time/time.h>
#include <uapi/resource.h>

typedef s32 pid_t;

struct files_struct;
struct fs_struct;
struct sighand;
struct task;
struct tty;

struct cpu_itimer { /* counted down by ticks of processor time */
	u32 left; /* ticks, 0: off */
	u32 interval; /* ticks to the next one, 0: none */
};

struct process {
	pid_t pid; /* [c] what getpid() returns */
	pid_t pgrp, session;
	struct tty *tty; /* controlling terminal, or NULL */
	struct task *leader; /* [c] its first task */

	struct process *parent; /* who waits for it */
	struct list_head children, sibling;
	struct wait_queue child_exit; /* wait4 sleeps here */
	s32 exit_code; /* wait status once its leader is a ZOMBIE; before that
			* the status of a stop or a continue not yet told */
	s32 exit_signal; /* [c] to the parent at exit: SIGCHLD or 0 */
	bool did_exec; /* setpgid() by the parent comes too late */

	struct files_struct *files; /* open files; NULL: exiting */
	struct fs_struct *fs_info; /* root, cwd, umask; NULL: exiting */
	struct sighand *sighand; /* actions; NULL: a zombie */
	struct rlimit rlim[RLIM_NLIMITS]; /* [p] */

	struct timer alarm; /* of alarm() and ITIMER_REAL */
	struct timespec64 alarm_end; /* monotonic, while alarm is armed */
	u32 alarm_interval; /* ticks to the next one, 0: none */
	struct cpu_itimer itimer_virtual, itimer_prof;

	u32 start_tick; /* since boot */
	u32 cutime, cstime; /* of children waited for, in ticks */
	u32 cmin_flt, cmaj_flt; /* of children waited for */
};

extern struct process idle_process; /* of idle_task; nobody's child */

/* A process for LEADER that inherits from FROM what fork inherits, in no ring,
 * without files; NULL: no memory. May sleep. */
struct process *process_alloc(const struct process *from, struct task *leader);
/* Gives back PROCESS, which is in no ring and holds nothing. Atomic. */
void process_free(struct process *process);

/* Makes PROCESS, which is in no ring, the youngest child of PARENT. Atomic. */
void process_link(struct process *process, struct process *parent);

void process_init(void); /* limits of the first process, at boot */

#endif
