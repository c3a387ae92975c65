/* SPDX-License-Identifier: MIT */
/*
 * The text of /proc/trace, for programs that run a command with the trace on
 * and tell what they read there. A line of it:
 *
 *   SEQ TSC PID NAME key=value key=start-end ...
 *
 * A trace_line points into the text it was taken from and lives as long.
 */
#ifndef TRACE_TEXT_H
#define TRACE_TEXT_H

#define TRACE "/proc/trace"

struct trace_line {
	unsigned long long tsc;
	long pid;
	const char *name; /* not ended; NULL: no such line */
	const char *values; /* from behind NAME on */
};

/* The line at S; 0 where it is no event. */
int trace_parse(struct trace_line *l, const char *s);
/* The line behind that at S; the end of the text is its own next line. */
const char *trace_next(const char *s);

/* Is it the event NAME? */
int trace_is(const struct trace_line *l, const char *name);
/* The number behind KEY=; 0 where there is none. */
unsigned long trace_hex(const struct trace_line *l, const char *key);
unsigned long trace_number(const struct trace_line *l, const char *key);
/* The end of a range KEY=start-end; 0 where there is none. */
unsigned long trace_hex_end(const struct trace_line *l, const char *key);

/* The file, NUL-ended, for free(); NULL and errno. */
char *trace_read(const char *path);
/* Writes WORD to /proc/trace; -1 and errno. */
int trace_say(const char *word);
/* Runs it, with PRELOAD as its LD_PRELOAD if not NULL. The status as a shell
 * tells it; *PID is the process, or negative. */
int trace_run(char **argv, const char *preload, long *pid);

#endif
