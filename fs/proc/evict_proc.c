/* SPDX-License-Identifier: MIT */
/*
 * /proc/sys/vm/evict: this page, now. For experiments and tests that want to
 * see one page go and come back.
 *
 *   shm               a page of some segment, chosen by the policy in use
 *   shm ID INDEX      the page INDEX of a segment
 *   PID ADDR          the private page at ADDR (hexadecimal) of a process
 *   kswapd ...        any of these, done by kswapd while the writer sleeps and
 *                     its page directory stays loaded
 *
 * The page goes as it would if memory were short, only that nobody asks the
 * policy about a page that is named; the writer sleeps until it is on the disk.
 * EBUSY: it is locked or in use just now, ENOENT: it is not in memory, ENOSPC:
 * swap is full.
 */
#include <fs/proc/procfs.h>
#include <ipc/shm/shm.h>
#include <kernel/task.h>
#include <lib/parse.h>
#include <lib/string.h>
#include <lib/words.h>
#include <mm/swap/swap.h>
#include <mm/swap/swap_policy.h>
#include <uapi/errno.h>

#define WORDS_MAX 4u

/* What kswapd is asked to do; on the stack of who asks. */
struct evict_request {
	struct kswapd_work work;
	char **word;
	u32 n; /* words */
	int err; /* how it went */
};

static bool is_hex(const char *text, u32 *val)
{
	u32 len = strlen(text);

	return len && parse_digits(text, len, 16, val) == len;
}

static int evict_private(const char *pid_word, const char *addr_word)
{
	struct task *task;
	u32 pid, addr;

	if (!parse_u32(pid_word, &pid) || !is_hex(addr_word, &addr) ||
	    addr >= TASK_SIZE)
		return -EINVAL;
	task = find_task((pid_t)pid);
	if (!task || !task->mm)
		return -ESRCH;
	return swap_out_now(task->mm, addr & PAGE_MASK);
}

/* Twice round all pages of segments at most: once to make them old. */
static int evict_any(void)
{
	u32 tries;

	for (tries = 0; tries < 4; tries++)
		if (shm_swap(1)) /* looks at half of them */
			return 0;
	if (shm_swap(0))
		return 0;
	return nr_policy_pages ? nr_swap_pages ? -EBUSY : -ENOSPC : -ENOENT;
}

static int evict_words(char **word, u32 n)
{
	u32 id, index;

	if (n == 3 && !strcmp(word[0], "shm") && parse_u32(word[1], &id) &&
	    parse_u32(word[2], &index))
		return shm_evict_now((s32)id, index);
	if (n == 1 && !strcmp(word[0], "shm"))
		return evict_any();
	return n == 2 ? evict_private(word[0], word[1]) : -EINVAL;
}

static void evict_as_asked(struct kswapd_work *work)
{
	struct evict_request *request =
		container_of(work, struct evict_request, work);

	request->err = evict_words(request->word, request->n);
}

static int ask_kswapd(char **word, u32 n)
{
	struct evict_request request = { { evict_as_asked }, word, n, 0 };

	if (!total_swap_pages || !kswapd_start())
		return -ENOSPC;
	kswapd_do(&request.work);
	return request.err;
}

static long evict_store(const char *text, u32 len, void *arg)
{
	char line[80], *word[WORDS_MAX];
	u32 n;
	int err;

	if (len >= sizeof(line))
		return -EINVAL;
	memcpy(line, text, len);
	line[len] = '\0';
	n = split_words(line, word, WORDS_MAX);
	if (n > 1 && !strcmp(word[0], "kswapd"))
		err = ask_kswapd(word + 1, n - 1);
	else
		err = evict_words(word, n);
	return err ? err : (long)len;
}

static int evict_show(struct seq_buf *s, void *arg)
{
	seq_printf(s, "[kswapd] shm | shm ID INDEX | PID ADDR\n");
	return 0;
}

static struct proc_entry evict_entry = {
	.path = "sys/vm/evict",
	.mode = 0600,
	.show = evict_show,
	.store = evict_store
};

void evict_proc_init(void)
{
	proc_register(&evict_entry);
}
