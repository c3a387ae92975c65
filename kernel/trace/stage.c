/* SPDX-License-Identifier: MIT */
/*
 * The race stage: holds, forced delays, and /proc/stage, which sets them.
 *
 *   write  hold POINT PID [NTH]   the NTH time PID comes to POINT it waits;
 *                                 PID 0: whoever comes there first
 *          release PID | all      it goes on
 *          delay SEED             gives way at random; 0: no more
 *          fail-io N              every Nth disk transfer fails; 0: none
 *          clear                  all of that is over
 *   read   POINT PID armed NTH    a hold that waits for its process
 *          POINT PID held         a process that waits for its release
 *          POINT - TEXT           the table of points
 *
 *   stage_holds[i]   free --hold--> armed (nth > 0) --the process comes-->
 *                      ^            held (task != NULL) --release--.
 *                      '-------------------------------------------'
 *
 * A held process sleeps where no signal reaches it, not even SIGKILL: only a
 * release lets it go, so that nothing else decides the interleaving. Process
 * 0 and interrupts are never held.
 *
 * The sleeper looks at its hold ten times a second: gdb can release it by
 * writing a variable.
 */
#include <boot/boot_info.h>
#include <fs/proc/procfs.h>
#include <kernel/trace/stage.h>
#include <kernel/task.h>
#include <lib/string.h>
#include <lib/words.h>
#include <lib/xorshift.h>
#include <uapi/errno.h>

#define LOOK_TICKS (HZ / 10)
#define WORDS_MAX 4u

struct stage_hold stage_holds[STAGE_HOLDS];
u32 stage_on;

static struct wait_queue stage_wait = WAIT_QUEUE_INIT(stage_wait);
static u32 stage_seed; /* state of the delays' generator; 0: no delays */

static const struct {
	const char *name, *text;
	const char *wait_name; /* what ps shows of a process held there */
} points[SLEEP_POINT_COUNT] = {
#define SLEEP_POINT(name, text) { #name, text, "stage:" #name },
#include <kernel/trace/sleep_points.def>
#undef SLEEP_POINT
};

#define for_each_hold(h) \
	for ((h) = stage_holds; (h) < stage_holds + STAGE_HOLDS; (h)++)

static inline bool is_free(const struct stage_hold *hold)
{
	return !hold->nth && !hold->task;
}

static void count_holds(void)
{
	const struct stage_hold *hold;
	u32 n = stage_seed != 0;

	for_each_hold(hold)
		n += !is_free(hold);
	stage_on = n;
}

/* ------------------------------------------------------------------ */
/* at a point                                                          */

/* The hold that ends here for the current process, or NULL. */
static struct stage_hold *due_hold(enum sleep_point point)
{
	struct stage_hold *hold;

	for_each_hold(hold)
		if (hold->nth && hold->point == point &&
		    (!hold->pid || hold->pid == current->pid))
			return --hold->nth ? NULL : hold;
	return NULL;
}

static void stay(struct stage_hold *hold)
{
	const char *before = current->wait_name;

	hold->pid = current->pid;
	hold->task = current;
	current->wait_name = points[hold->point].wait_name;
	while (hold->task == current)
		sleep_on_timeout(&stage_wait, LOOK_TICKS);
	current->wait_name = before;
	count_holds();
}

/* Nothing, one to three turns of the others, or, one time in 64, all of
 * theirs until the next tick; the same for the same seed. */
static void give_way(void)
{
	u32 choice = xorshift(&stage_seed) >> 16, turns;

	if (choice % 64 == 0) {
		sleep_on_timeout(&stage_wait, 1);
		return;
	}
	for (turns = choice & 3; turns; turns--)
		schedule();
}

void stage_enter(enum sleep_point point)
{
	struct stage_hold *hold;

	if (irq_depth || current == &idle_task)
		return;
	hold = due_hold(point);
	if (hold)
		stay(hold);
	else if (stage_seed)
		give_way();
}

/* ------------------------------------------------------------------ */
/* /proc/stage                                                         */

static int stage_show(struct seq_buf *s, void *arg)
{
	const struct stage_hold *hold;
	u32 i;

	for_each_hold(hold) {
		if (hold->task)
			seq_printf(s, "%s %d held\n", points[hold->point].name,
				   hold->pid);
		else if (hold->nth)
			seq_printf(s, "%s %d armed %u\n",
				   points[hold->point].name, hold->pid,
				   hold->nth);
	}
	if (stage_seed)
		seq_printf(s, "delay on\n");
	if (fail_io_every)
		seq_printf(s, "fail-io %u\n", fail_io_every);
	for (i = 0; i < SLEEP_POINT_COUNT; i++)
		seq_printf(s, "%s - %s\n", points[i].name, points[i].text);
	return 0;
}

static int parse_point(const char *name, enum sleep_point *point)
{
	u32 i;

	for (i = 0; i < SLEEP_POINT_COUNT; i++) {
		if (strcmp(points[i].name, name))
			continue;
		*point = i;
		return 0;
	}
	return -EINVAL;
}

/* A hold for a process that has ended since is free as well. */
static struct stage_hold *find_room(void)
{
	struct stage_hold *hold;

	for_each_hold(hold)
		if (!hold->task && (!hold->nth ||
				    (hold->pid && !find_task(hold->pid))))
			return hold;
	return NULL;
}

static int set_hold(const char *name, u32 pid, u32 nth)
{
	struct stage_hold *hold = find_room();
	enum sleep_point point;
	int err = parse_point(name, &point);

	if (err || !nth)
		return -EINVAL;
	if (pid && !find_task((pid_t)pid))
		return -ESRCH;
	if (!hold)
		return -ENOSPC;
	*hold = (struct stage_hold){ point, (pid_t)pid, nth, NULL };
	return 0;
}

/* Those with PID go on, or, if it is 0, all; 0, or -ESRCH: none was held. */
static int release(u32 pid)
{
	struct stage_hold *hold;
	int err = pid ? -ESRCH : 0;

	for_each_hold(hold) {
		if (!hold->task || (pid && hold->pid != (pid_t)pid))
			continue;
		hold->task = NULL;
		err = 0;
	}
	wake_up(&stage_wait);
	return err;
}

static void clear_stage(void)
{
	struct stage_hold *hold;

	for_each_hold(hold)
		hold->nth = 0;
	stage_seed = fail_io_every = 0;
	release(0);
}

/* WORDS[0] with a number behind it, which ARG is. */
static int obey_number(const char *verb, u32 arg)
{
	if (!strcmp(verb, "release"))
		return arg ? release(arg) : -ESRCH;
	if (!strcmp(verb, "delay"))
		stage_seed = arg;
	else if (!strcmp(verb, "fail-io"))
		fail_io_set_every(arg);
	else
		return -EINVAL;
	return 0;
}

static int obey(char **words, u32 n)
{
	u32 number = 0, nth = 1;

	if (n == 1 && !strcmp(words[0], "clear")) {
		clear_stage();
		return 0;
	}
	if (n == 2 && !strcmp(words[0], "release") && !strcmp(words[1], "all"))
		return release(0);
	if (n == 2)
		return proc_parse_u32(words[1], &number) ?
			       -EINVAL :
			       obey_number(words[0], number);
	if (n < 3 || n > 4 || strcmp(words[0], "hold") ||
	    proc_parse_u32(words[2], &number) ||
	    (n == 4 && proc_parse_u32(words[3], &nth)))
		return -EINVAL;
	return set_hold(words[1], number, nth);
}

static long stage_store(const char *text, u32 len, void *arg)
{
	char line[80], *words[WORDS_MAX];
	int err;

	if (len >= sizeof(line))
		return -EINVAL;
	memcpy(line, text, len);
	line[len] = '\0';
	err = obey(words, split_words(line, words, WORDS_MAX));
	count_holds();
	return err ? err : (long)len;
}

void stage_init(void)
{
	static struct proc_entry entry = {
		.path = "stage", .mode = 0600, .show = stage_show,
		.store = stage_store,
	};
	char text[16];

	if (cmdline_get("delay", text, sizeof(text))) {
		if (!*text)
			stage_seed = 1;
		else if (proc_parse_u32(text, &stage_seed))
			cmdline_refuse("delay", text);
	}
	count_holds();
	proc_register(&entry);
}
