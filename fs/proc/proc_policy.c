/* SPDX-License-Identifier: MIT */
/*
 * /proc/sys/vm/swap_policy: the names of all policies, the one in use in
 * brackets; writing a name chooses it. See: mm/swap/swap_policy.h.
 */
#include <fs/proc/procfs.h>
#include <mm/swap/swap.h>
#include <mm/swap/swap_policy.h>

static int policy_show(struct seq_buf *s, void *arg)
{
	const struct swap_policy *policy;
	u32 i;

	for (i = 0; (policy = swap_policy_at(i)); i++)
		seq_printf(s, policy == swap_policy ? "%s[%s]" : "%s%s",
			   i ? " " : "", policy->name);
	seq_printf(s, "\n");
	return 0;
}

static long policy_store(const char *text, u32 len, void *arg)
{
	int err = swap_policy_choose(text, len);

	return err ? err : (long)len;
}

void policy_proc_init(void)
{
	static struct proc_entry entry = {
		.path = "sys/vm/swap_policy",
		.mode = 0644,
		.show = policy_show,
		.store = policy_store
	};

	proc_register(&entry);
}
