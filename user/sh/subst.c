/* SPDX-License-Identifier: MIT */
/* $(command), `command` and $((expression)) inside words. */
#include "sh.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void read_all(int fd, struct str *out)
{
	char buf[512];
	ssize_t n, i;

	while ((n = read(fd, buf, sizeof(buf))) > 0 ||
	       (n < 0 && errno == EINTR))
		for (i = 0; i < n; i++)
			if (buf[i])
				str_add(out, buf[i]);
	while (out->len && out->s[out->len - 1] == '\n')
		out->s[--out->len] = '\0';
}

static void child_writes(int fds[2], const char *command)
{
	close(fds[0]);
	if (fds[1] != STDOUT_FILENO) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[1]);
	}
	run_text(command, true);
	shell_exit(sh.status);
}

static void expand_command(struct xbuf *x, const char *command)
{
	struct str out = { 0 };
	int fds[2], status = 0;
	pid_t pid;

	if (pipe(fds) < 0) {
		fail(2, "pipe: %s", strerror(errno));
		return;
	}
	pid = job_fork(NULL);
	if (pid == 0)
		child_writes(fds, command);
	close(fds[1]);
	if (pid > 0)
		read_all(fds[0], &out);
	close(fds[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	sh.subst_status = pid > 0 ? exit_status(status) : 2;
	if (out.len)
		xbuf_result(x, out.s);
	str_free(&out);
}

static void expand_arith(struct xbuf *x, const char *text)
{
	char number_text[24];
	char *expanded = expand_here(text);
	long long value = arith_eval(expanded);

	snprintf(number_text, sizeof(number_text), "%lld", value);
	xbuf_result(x, number_text);
}

/* Whether S, all between $(( and )), is one expression. */
static bool is_arith(const char *s, size_t len)
{
	int depth = 0;
	size_t i;

	for (i = 0; i < len && depth >= 0; i++)
		depth += (s[i] == '(') - (s[i] == ')');
	return depth == 0;
}

size_t expand_paren(struct xbuf *x, const char *raw, size_t i)
{
	size_t end = part_end(raw, i, x->quoted), len = end - i;
	const char *s = raw + i;

	if (!end)
		return strlen(raw);
	if (s[2] == '(' && len >= 5 && s[len - 2] == ')' &&
	    is_arith(s + 3, len - 5))
		expand_arith(x, stack_copy(s + 3, len - 5));
	else
		expand_command(x, stack_copy(s + 2, len - 3));
	return end;
}

/* In `...` a backslash protects ` \ $, and " where that is special. */
size_t expand_back(struct xbuf *x, const char *raw, size_t i)
{
	size_t end = part_end(raw, i, x->quoted), k;
	char *command, *to;

	if (!end)
		return strlen(raw);
	command = to = stack_alloc(end - i);
	for (k = i + 1; k + 1 < end; k++) {
		if (raw[k] == '\\' && (strchr("`\\$", raw[k + 1]) ||
				       (x->quoted && raw[k + 1] == '"')))
			k++;
		*to++ = raw[k];
	}
	expand_command(x, command);
	return end;
}
