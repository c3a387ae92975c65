/* SPDX-License-Identifier: MIT */
/*
 * A task, one thread of a process: its kernel stack, its state, its registers.
 * What it has in common with other threads is its struct process.
 *
 * One block of four frames (order 2) holds a task and its stack:
 *
 *   block + 0x0000  struct task
 *         + 0x1000  guard: not mapped, running over the stack is a double
 *                   fault with its own stack, which names the pid
 *         + 0x2000  kernel stack, 8 KiB; lowest word a canary
 *         + 0x4000  top: struct trap_frame of the last entry from user mode
 *
 * States:  RUNNING <-> INTERRUPTIBLE | UNINTERRUPTIBLE
 *          RUNNING  -> ZOMBIE -> (released by wait4)
 *          RUNNING <-> STOPPED
 *
 * Fields: [t] only the task itself; [c] constant after fork; the rest is
 * atomic.
 */
#ifndef KERNEL_TASK_H
#define KERNEL_TASK_H

#include <kernel/lock.h>
#include <kernel/process.h>
#include <kernel/signal/signal.h>
#include <kernel/trace/rig.h>
#include <kernel/trace/stage.h>
#include <kernel/trap.h>
#include <x86/desc.h>

#define KSTACK_OFFSET 0x2000u
#define KSTACK_SIZE 0x2000u
#define TASK_BLOCK_ORDER 2
#define NGROUPS_MAX 32
#define PID_MAX 32768 /* first number no process gets */
#define HZ 100

enum task_state {
	TASK_RUNNING, /* runs, or is on the run queue */
	TASK_INTERRUPTIBLE, /* a signal wakes it */
	TASK_UNINTERRUPTIBLE,
	TASK_STOPPED,
	TASK_ZOMBIE,
};

enum task_work { /* looked at on the way to user mode */
	WORK_RESCHED = 1, /* the time slice is used up */
	WORK_SIGNAL = 2, /* a signal may be deliverable */
};

struct ids { /* of users, or of groups */
	u32 real, effective, saved, fs;
};

struct cred {
	union {
		struct ids user; /* the same four */
		struct {
			u32 uid, euid, suid, fsuid;
		};
	};
	union {
		struct ids group;
		struct {
			u32 gid, egid, sgid, fsgid;
		};
	};
	u32 ngroups;
	u32 groups[NGROUPS_MAX];
};

struct mm_struct;

struct task {
	u32 kesp; /* saved stack pointer while it does not run (switch.asm) */
	u32 work; /* enum task_work; offset used by kernel/entry.S */
	u32 gs, fs; /* selectors while it does not run */
	u64 tls[GDT_TLS_COUNT]; /* set_thread_area descriptors */

	enum task_state state;
	pid_t pid; /* [c] what gettid() returns */
	struct process *process; /* [c] what its threads share */
	char comm[16]; /* [t] name of the program */

	struct list_head tasks; /* all tasks */
	struct task *pid_hash_next;
	struct list_head run; /* run queue */
	struct task *vfork_parent; /* sleeps in vfork until we let the mm go */
	struct task *vfork_child; /* [t] the other side; NULL: let go */
	bool exiting; /* in do_exit(): gets no more signals */
	bool kthread; /* has no user mode (process 1 gets one by exec) */

	struct mm_struct *mm; /* NULL: a kernel thread, or exiting */
	struct cred cred; /* [t] */

	u64 pending; /* signals sent and not yet taken, bit signo - 1 */
	u64 blocked; /* [t] */
	struct siginfo_k sig_info[SIG_QUEUED]; /* details of pending ones */
	u64 saved_blocked; /* [t] mask to come back to after sigsuspend */
	bool restore_blocked; /* [t] saved_blocked is valid */
	u32 altstack, altstack_size; /* [t] sigaltstack; size 0: none */
	struct sleep_restart sleep; /* [t] what restart_syscall goes on with */

	s32 slice; /* ticks left before others get a turn */
	u32 utime, stime; /* in ticks */
	union {
		struct {
			u32 min_flt, maj_flt; /* page faults that succeeded */
		};
		u32 flt[2]; /* the same: [a disk was read] */
	};
	u32 nvcsw, nivcsw; /* switches: by sleeping, by slice */

	u32 fault_addr, fault_code; /* [t] last fault that became a signal */

	u32 *set_child_tid, *clear_child_tid; /* user addresses */
	u32 robust_list;

	u32 held_locks; /* [t] bits of enum lock_class */
	const char *wait_name; /* [t] what it sleeps on, for ps and gdb */
	struct rig rig; /* what tests and teaching tools want */
	bool reclaiming; /* [t] in try_to_free_page(), which never nests */
	bool not_dumpable; /* [t] remembered for prctl, exec clears it */

	u8 fpu[512] __attribute__((aligned(16))); /* fxsave area */
};

BUILD_ASSERT(offsetof(struct task, kesp) == 0, "kernel/switch.asm");
BUILD_ASSERT(offsetof(struct task, work) == 4, "kernel/entry.S");
BUILD_ASSERT(sizeof(struct task) <= 4096, "one frame before the guard");

extern struct task *current_task;
#define current current_task

extern struct task idle_task; /* pid 0, on the boot stack; in no list */
extern struct list_head all_tasks; /* newest last; zombies too */
extern struct task *init_task; /* pid 1 */
extern u32 nr_tasks, max_tasks;
extern u32 nr_forks, nr_switches; /* tasks made, switched to, since boot */

#define for_each_task(t) list_for_each_entry(t, &all_tasks, tasks)

/* The frame of TASK's last entry from user mode. */
static inline struct trap_frame *task_frame(struct task *task)
{
	return (struct trap_frame *)((char *)task + KSTACK_OFFSET +
				     KSTACK_SIZE) - 1;
}

/*
 * mutex_lock() and mutex_unlock() for the paths where they are most of the
 * cost: nobody has the lock, nobody waits for it, and the order is right.
 */
static __always_inline void
mutex_lock_fast(struct mutex *m)
{
	if (unlikely(m->owner || current->held_locks >= m->bit)) {
		mutex_lock(m);
		return;
	}
	m->owner = current;
	current->held_locks |= m->bit;
}

static __always_inline void
mutex_unlock_fast(struct mutex *m)
{
	if (unlikely(!list_empty(&m->wait.waiters) || m->nested)) {
		mutex_unlock(m);
		return;
	}
	m->owner = NULL;
	current->held_locks &= ~m->bit;
}

/* Does the current task hold a lock of CLASS, or of one further down? */
static inline bool holds_from(enum lock_class class)
{
	return current->held_locks >> class;
}

struct task *find_task(pid_t pid); /* by thread id; NULL: none */

/* The most bytes of its kernel stack TASK, or an earlier owner of the block
 * since it came from the page allocator, has used. */
u32 task_stack_used(const struct task *task);

/* Gives the kept task blocks back to the page allocator; frames freed. */
u32 task_cache_drain(void);

/* The program NAME as process 1; ARGV NULL-ended. Panics if it cannot. */
void task_start_init(void);

/* A task without user mode running FN(ARG); NULL: no memory. May sleep. */
struct task *kernel_thread(void (*fn)(void *), void *arg, const char *name);

/* Does not return. CODE is a wait status. */
void do_exit(s32 code) __noreturn;

/* kernel/sched.c */
void sched_init(void);
void schedule(void); /* gives the processor away; state says for how long */
void wake_up_process(struct task *task); /* any context */
void sched_tick(struct trap_frame *frame); /* from the timer interrupt */

/* kernel/cred.c */
bool capable(void); /* privileged: effective uid 0 */
bool in_group(u32 gid); /* effective or supplementary */

static inline u64 rlimit(u32 which)
{
	return current->process->rlim[which].rlim_cur;
}

/* kernel/trace/fault_inject.c: true when this allocation of the current task is
 * the one that must fail (/proc/self/fail-nth). Sleeps if MAY_PARK. */
bool inject_alloc(bool may_park);
/* True when this disk transfer must fail with EIO, for it is the current
 * task's Nth (/proc/<pid>/fail-io-nth) or the system's (fail-io of
 * /proc/stage). One call a transfer. */
bool should_fail_io(void);
extern u32 fail_io_every; /* of all tasks' disk transfers; 0: none fails */
void fail_io_set_every(u32 n);
/* Lets a task that park-nth has put to sleep go on. */
void task_unpark(struct task *task);

/* The test in front of every allocation; MAY_PARK: it may sleep. */
static __always_inline bool should_fail(bool may_park)
{
	const struct rig *rig = &current->rig;

	return unlikely(rig->fail_nth | rig->park_nth | stage_on) &&
	       inject_alloc(may_park);
}

#endif
