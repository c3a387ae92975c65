/* SPDX-License-Identifier: MIT */
/*
 * /proc: a registry. Each subsystem fills its own file; this folder only
 * knows how to look names up and to hand text out.
 *
 * A file's text is made anew by each read from position 0, and later reads
 * go on in it, so a reader sees one state however slowly it reads.
 *
 * What a read or a write allocates here does not count for
 * /proc/<pid>/fail-nth: a test keeps that file open, writes N, acts, and
 * reads at position 0 what is left (kernel/trace/fault_inject.c).
 */
#ifndef FS_PROCFS_H
#define FS_PROCFS_H

#include <lib/types.h>

struct task;

struct seq_buf { /* text under construction */
	char *buf;
	u32 len, size;
	bool failed; /* did not fit: show() is called again, with more room */
};

/* Appends. Does not sleep, so what show() walks cannot change meanwhile. */
void seq_printf(struct seq_buf *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* TEXT, its characters that are in SET as three octal digits. */
void seq_escaped(struct seq_buf *s, const char *text, const char *set);

struct proc_entry {
	const char *path; /* "meminfo", "sys/kernel/shmmax"; kept by pointer */
	u32 mode; /* rights, e.g. 0444 */
	/* Writes the text; 0 or -errno. May sleep. */
	int (*show)(struct seq_buf *s, void *arg);
	/* TEXT is NUL-ended, LEN at most 4095; bytes taken or -errno. */
	long (*store)(const char *text, u32 len, void *arg);
	void *arg;
	struct proc_entry *next;
};

/* Puts a file, and the folders on its path, under /proc. At boot. */
void proc_register(struct proc_entry *entry);

/* The same for each process: /proc/<pid>/NAME. */
struct proc_pid_entry {
	const char *name;
	u32 mode;
	bool for_root; /* root owns it, else whose process it is */
	int (*show)(struct seq_buf *s, struct task *task);
	long (*store)(const char *text, u32 len, struct task *task);
	/* In place of show(), for what is no text: the LEN bytes at POS of the
	 * file, at most a page, into BUF (kernel memory); how many there
	 * are, or -errno. May sleep. */
	long (*table)(char *buf, u32 len, u32 pos, struct task *task);
	struct proc_pid_entry *next;
};
void proc_register_pid(struct proc_pid_entry *entry);

/* A number as /proc/sys files hold them: "%u\n", and its parser (decimal,
 * blanks around it): 0 or -EINVAL. */
int proc_parse_u32(const char *text, u32 *val);

#endif
