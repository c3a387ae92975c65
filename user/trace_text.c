/* SPDX-License-Identifier: MIT */
/*
 * Reading /proc/trace, line by line and key by key, and running what is to be
 * traced: what hops and faults share.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trace_text.h"

/* --- lines ------------------------------------------------------------ */

const char *trace_next(const char *s)
{
	const char *end = strchr(s, '\n');

	return end ? end + 1 : s + strlen(s);
}

/* The number at *S, which moves behind it and a blank; false if there is
 * none. (sscanf() would measure the whole rest of the text each time.) */
static int take_number(const char **s, unsigned long long *n)
{
	char *end;

	*n = strtoull(*s, &end, 10);
	if (end == *s || *end != ' ')
		return 0;
	*s = end + 1;
	return 1;
}

int trace_parse(struct trace_line *l, const char *s)
{
	unsigned long long seq, pid;

	memset(l, 0, sizeof(*l));
	if (!take_number(&s, &seq) || !take_number(&s, &l->tsc) ||
	    !take_number(&s, &pid))
		return 0;
	l->pid = (long)pid;
	l->name = s;
	l->values = l->name + strcspn(l->name, " \n");
	return l->values > l->name;
}

int trace_is(const struct trace_line *l, const char *name)
{
	size_t n = strlen(name);

	return l->name && l->values == l->name + n &&
	       strncmp(l->name, name, n) == 0;
}

/* --- what a line says ------------------------------------------------- */

/* What stands behind KEY= in the line, or NULL. */
static const char *text_of(const struct trace_line *l, const char *key)
{
	const char *s = l->name ? l->values : "", *end = s + strcspn(s, "\n");
	size_t n = strlen(key);

	for (; s < end; s++)
		if (s[0] == ' ' && strncmp(s + 1, key, n) == 0 &&
		    s[1 + n] == '=')
			return s + n + 2;
	return NULL;
}

unsigned long trace_hex(const struct trace_line *l, const char *key)
{
	const char *s = text_of(l, key);

	return s ? strtoul(s, NULL, 16) : 0;
}

unsigned long trace_number(const struct trace_line *l, const char *key)
{
	const char *s = text_of(l, key);

	return s ? strtoul(s, NULL, 10) : 0;
}

unsigned long trace_hex_end(const struct trace_line *l, const char *key)
{
	const char *s = text_of(l, key);

	s = s ? s + strcspn(s, "- \n") : "";
	return *s == '-' ? strtoul(s + 1, NULL, 16) : 0;
}

/* --- the file and the command ----------------------------------------- */

char *trace_read(const char *path)
{
	size_t len = 0, size = 65536, n;
	FILE *f = fopen(path, "r");
	char *text, *more;

	if (!f)
		return NULL;
	text = malloc(size);
	while (text && (n = fread(text + len, 1, size - len - 1, f)) > 0) {
		len += n;
		if (size - len > 1)
			continue;
		more = realloc(text, size *= 2);
		if (!more)
			free(text);
		text = more;
	}
	fclose(f);
	if (text)
		text[len] = '\0';
	return text;
}

int trace_say(const char *word)
{
	int fd = open(TRACE, O_WRONLY), failed;

	if (fd < 0)
		return -1;
	failed = write(fd, word, strlen(word)) < 0;
	close(fd);
	return failed ? -1 : 0;
}

/* In the child. */
static void become(char **argv, const char *preload)
{
	int failed;

	if (preload)
		setenv("LD_PRELOAD", preload, 1);
	execvp(argv[0], argv);
	failed = errno;
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, argv[0],
		strerror(failed));
	_exit(failed == ENOENT ? 127 : 126);
}

int trace_run(char **argv, const char *preload, long *pid)
{
	int status = 0;

	fflush(stdout);
	*pid = fork();
	if (*pid == 0)
		become(argv, preload);
	if (*pid < 0) {
		fprintf(stderr, "%s: fork: %s\n", program_invocation_short_name,
			strerror(errno));
		return 126;
	}
	while (waitpid((pid_t)*pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
