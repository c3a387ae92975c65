/* SPDX-License-Identifier: MIT */
/* dd [if=FILE] [of=FILE] [bs=N] [count=N] [skip=N] [seek=N]: copies blocks.
 * Numbers may end in k or M. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct job {
	const char *in, *out;
	long long block, count, skip, seek; /* count -1: to the end */
};

static long long number(const char *s)
{
	char *end;
	long long n = strtoll(s, &end, 10);

	if (*end == 'k' || *end == 'K')
		n <<= 10;
	else if (*end == 'M')
		n <<= 20;
	return n;
}

static int parse(struct job *j, const char *word)
{
	if (strncmp(word, "if=", 3) == 0)
		j->in = word + 3;
	else if (strncmp(word, "of=", 3) == 0)
		j->out = word + 3;
	else if (strncmp(word, "bs=", 3) == 0)
		j->block = number(word + 3);
	else if (strncmp(word, "count=", 6) == 0)
		j->count = number(word + 6);
	else if (strncmp(word, "skip=", 5) == 0)
		j->skip = number(word + 5);
	else if (strncmp(word, "seek=", 5) == 0)
		j->seek = number(word + 5);
	else
		return strncmp(word, "status=", 7) == 0 ||
				       strncmp(word, "conv=", 5) == 0
			       ? 0
			       : -1;
	return 0;
}

static int complain(const char *what)
{
	fprintf(stderr, "dd: %s: %s\n", what, strerror(errno));
	return 1;
}

/* All N bytes; -1: why not is in errno, even after a short write. */
static int write_all(const char *buf, ssize_t n)
{
	ssize_t done;

	for (; n > 0; n -= done, buf += done) {
		done = write(STDOUT_FILENO, buf, n);
		if (done < 0)
			return -1;
	}
	return 0;
}

static int copy(const struct job *j, char *buf)
{
	long long full = 0, part = 0, i;
	ssize_t n = 0;

	for (i = 0; j->count < 0 || i < j->count; i++) {
		n = read(STDIN_FILENO, buf, j->block);
		if (n <= 0)
			break;
		if (write_all(buf, n) < 0)
			return complain(j->out ? j->out : "output");
		if (n == j->block)
			full++;
		else
			part++;
	}
	fprintf(stderr, "%lld+%lld blocks of %lld bytes copied\n", full, part,
		j->block);
	return n < 0 ? complain(j->in ? j->in : "input") : 0;
}

/* Opens PATH as descriptor TO. */
static int reopen(const char *path, int flags, int to)
{
	int fd = open(path, flags, 0666);

	if (fd < 0)
		return -1;
	if (fd != to) {
		dup2(fd, to);
		close(fd);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct job j = { NULL, NULL, 512, -1, 0, 0 };
	int i, flags = O_WRONLY | O_CREAT;
	char *buf;

	for (i = 1; i < argc; i++) {
		if (parse(&j, argv[i]) == 0)
			continue;
		fprintf(stderr, "usage: dd [if=FILE] [of=FILE] [bs=N] "
				"[count=N] [skip=N] [seek=N]\n");
		return 2;
	}
	buf = j.block > 0 ? malloc(j.block) : NULL;
	if (!buf)
		return complain("bs");
	if (j.in && reopen(j.in, O_RDONLY, STDIN_FILENO) < 0)
		return complain(j.in);
	if (j.out &&
	    reopen(j.out, flags | (j.seek ? 0 : O_TRUNC), STDOUT_FILENO) < 0)
		return complain(j.out);
	if (j.skip && lseek(STDIN_FILENO, j.skip * j.block, SEEK_SET) < 0)
		return complain("skip");
	if (j.seek && lseek(STDOUT_FILENO, j.seek * j.block, SEEK_SET) < 0)
		return complain("seek");
	return copy(&j, buf);
}
