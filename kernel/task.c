/* SPDX-License-Identifier: MIT */
/*
 * Task blocks, process numbers and the list of all tasks.
 *
 *   page allocator --(order 2)--> block: task | guard | stack
 *        ^                          |  ^
 *        '---- task_cache_drain() --'  |  guard out of the kernel's map,
 *                                      |  stack filled with a pattern
 *              block_cache  <----------'  at most BLOCKS_KEPT
 *
 * Blocks are kept with their guard in place, so that fork changes neither
 * the kernel's page table nor 8 KiB of stack. What the pattern says about
 * stack use is therefore the mark of a block's hungriest owner so far.
 *
 * INV-TA1 nr_tasks == tasks on all_tasks; each is in the hash and below its
 *         parent. Process 0 is in none of them and not counted.
 * INV-TA2 no two tasks share a pid, and no new pid is the number of a
 *         process group or session that still has members.
 *
 * All of it is atomic; task_alloc() may sleep for memory.
 */
#include <fs/file.h>
#include <kernel/internal.h>
#include <kernel/panic.h>
#include <lib/string.h>
#include <mm/page_alloc.h>
#include <x86/cpu.h>

#define GUARD_OFFSET PAGE_SIZE
#define STACK_FILL 0x5afe57acu /* never written yet */
#define STACK_CANARY 0xca4a4755u /* lowest word */
#define BLOCKS_KEPT 8u
#define PID_HASH 256u
#define MIN_TASKS 32u
#define MAX_TASKS 4096u
#define FRAMES_PER_TASK 16u

struct task idle_task = {
	.state = TASK_RUNNING,
	.comm = "idle",
	.process = &idle_process,
	.tasks = LIST_HEAD_INIT(idle_task.tasks),
	.run = LIST_HEAD_INIT(idle_task.run),
	.kthread = true,
};

struct task *current_task = &idle_task;
struct task *init_task;
struct task *dead_task;
LIST_HEAD(all_tasks);
u32 nr_tasks, max_tasks, nr_forks;

static struct task *block_cache; /* linked through pid_hash_next */
static u32 blocks_cached;
static struct task *pid_hash[PID_HASH];
static pid_t last_pid;
static bool pids_wrapped; /* numbers are being used again */

/* --- blocks ------------------------------------------------------------- */

static u32 *stack_bottom(const struct task *task)
{
	return (u32 *)((char *)task + KSTACK_OFFSET);
}

static struct task *block_create(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, TASK_BLOCK_ORDER);
	struct task *task;
	u32 *stack, i;

	if (!page)
		return NULL;
	task = page_kva(page);
	kernel_guard_set((char *)task + GUARD_OFFSET);

	stack = stack_bottom(task);
	stack[0] = STACK_CANARY;
	for (i = 1; i < KSTACK_SIZE / sizeof(*stack); i++)
		stack[i] = STACK_FILL;
	return task;
}

static void block_destroy(struct task *task)
{
	kernel_guard_clear((char *)task + GUARD_OFFSET);
	free_pages(kva_to_page(task), TASK_BLOCK_ORDER);
}

static struct task *block_get(void)
{
	struct task *task = block_cache;

	if (!task)
		return block_create();
	if (should_fail(false))
		return NULL;
	block_cache = task->pid_hash_next;
	blocks_cached--;
	return task;
}

static void block_put(struct task *task)
{
	task_check_stack(task);
	if (blocks_cached == BLOCKS_KEPT) {
		block_destroy(task);
		return;
	}
	task->pid_hash_next = block_cache;
	block_cache = task;
	blocks_cached++;
}

u32 task_cache_drain(void)
{
	struct task *task;
	u32 freed = 0;

	task_free_dead();
	for (; block_cache; freed += 1u << TASK_BLOCK_ORDER) {
		task = block_cache;
		block_cache = task->pid_hash_next;
		blocks_cached--;
		block_destroy(task);
	}
	return freed;
}

u32 task_stack_used(const struct task *task)
{
	const u32 *stack = stack_bottom(task);
	u32 i = 1;

	if (task == &idle_task)
		return 0;
	while (i < KSTACK_SIZE / sizeof(*stack) && stack[i] == STACK_FILL)
		i++;
	return KSTACK_SIZE - i * sizeof(*stack);
}

void task_check_stack(const struct task *task)
{
	if (unlikely(*stack_bottom(task) != STACK_CANARY &&
		     task != &idle_task))
		panic("kernel stack overflow of pid %d (%s): canary is %08x",
		      task->pid, task->comm, *stack_bottom(task));
}

/* --- numbers ------------------------------------------------------------ */

struct task *find_task(pid_t pid)
{
	struct task *task = pid_hash[(u32)pid % PID_HASH];

	while (task && task->pid != pid)
		task = task->pid_hash_next;
	return task;
}

static void hash_remove(struct task *task)
{
	struct task **link = &pid_hash[(u32)task->pid % PID_HASH];

	while (*link != task)
		link = &(*link)->pid_hash_next;
	*link = task->pid_hash_next;
}

/* INV-TA2. Only looked at once numbers come round again. */
static bool pid_in_use(pid_t pid)
{
	const struct task *task;

	for_each_task(task)
		if (task->pid == pid || task->process->pgrp == pid ||
		    task->process->session == pid)
			return true;
	return false;
}

static pid_t next_pid(void)
{
	do {
		if (++last_pid == PID_MAX) {
			last_pid = 2;
			pids_wrapped = true;
		}
	} while (pids_wrapped && pid_in_use(last_pid));
	return last_pid;
}

/* --- tasks -------------------------------------------------------------- */

/* What is not inherited; list heads point to themselves. */
static void reset_copy(struct task *task)
{
	list_init(&task->tasks);
	list_init(&task->run);
	task->work = 0;
	task->state = TASK_UNINTERRUPTIBLE;
	task->vfork_parent = task->vfork_child = NULL;
	task->exiting = false;
	task->mm = NULL;
	task->utime = task->stime = 0;
	task->min_flt = task->maj_flt = 0;
	task->nvcsw = task->nivcsw = 0;
	task->set_child_tid = task->clear_child_tid = NULL;
	task->robust_list = 0;
	task->held_locks = 0;
	task->wait_name = NULL;
	memset(&task->rig, 0, sizeof(task->rig));
	signal_fork(task);
}

struct task *task_alloc(const struct task *from)
{
	struct task *task;

	if (nr_tasks >= max_tasks)
		return NULL;
	task = block_get();
	if (!task)
		return NULL;
	*task = *from;
	reset_copy(task);
	task->process = process_alloc(from->process, task);
	if (task->process)
		return task;
	block_put(task);
	return NULL;
}

void task_free(struct task *task)
{
	process_free(task->process);
	block_put(task);
}

void task_publish(struct task *task, struct process *parent)
{
	struct task **head;
	u32 flags;

	task->pid = task->process->pid = next_pid();
	process_link(task->process, parent);
	flags = irq_save(); /* ^C walks the list in an interrupt */
	list_add_tail(&task->tasks, &all_tasks);
	irq_restore(flags);
	head = &pid_hash[(u32)task->pid % PID_HASH];
	task->pid_hash_next = *head;
	*head = task;
	nr_tasks++;
	nr_forks++;
}

void task_release(struct task *task)
{
	u32 flags;

	ASSERT(task->state == TASK_ZOMBIE);
	list_del(&task->process->sibling);
	flags = irq_save();
	list_del(&task->tasks);
	irq_restore(flags);
	hash_remove(task);
	nr_tasks--;
	if (task != current) {
		task_free(task);
		return;
	}
	task_free_dead();
	dead_task = task;
}

void task_free_dead(void)
{
	struct task *task = dead_task;

	if (!task || task == current)
		return;
	dead_task = NULL;
	task_free(task);
}

void task_init(void)
{
	max_tasks = MIN(MAX_TASKS, nr_total_pages / FRAMES_PER_TASK);
	max_tasks = MAX(MIN_TASKS, max_tasks);
	process_init();
}
