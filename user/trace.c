/* SPDX-License-Identifier: MIT */
/*
 * trace: steers the kernel's event trace.
 *
 *   trace                what it does just now
 *   trace on | off       start, stop
 *   trace log            start, with a copy of each event in the kernel log
 *   trace filter EXPR    keep only these: event=NAME,... pid=N,... class=C,...
 *   trace filter         keep all
 *   trace clear          forget what has been kept
 *   trace show           print it, oldest first
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TRACE "/proc/trace"
#define STATE "/proc/trace_state"
#define WORD_MAX 256

static const char *const words[] = { "on", "off", "log", "clear" };

static int usage(void)
{
	fprintf(stderr, "usage: trace [on | off | log | clear | show | filter "
			"[event=NAME,...] [pid=N,...] [class=C,...]]\n");
	return 2;
}

static int complain(const char *path)
{
	fprintf(stderr, "trace: %s: %s\n", path, strerror(errno));
	return 1;
}

static int show(const char *path)
{
	char buf[4096];
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return complain(path);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		fwrite(buf, 1, n, stdout);
	fclose(f);
	return fflush(stdout) ? 1 : 0;
}

static int say(const char *word)
{
	int fd = open(TRACE, O_WRONLY), failed;

	if (fd < 0)
		return complain(TRACE);
	failed = write(fd, word, strlen(word)) < 0;
	if (failed && errno == EINVAL)
		fprintf(stderr, "trace: %s: no such event, pid or class\n",
			word);
	else if (failed)
		complain(TRACE);
	close(fd);
	return failed;
}

/* The words of ARGV with blanks between, as one. */
static int filter(char **argv)
{
	char text[WORD_MAX] = "filter";
	size_t len = strlen(text);

	for (; *argv; argv++) {
		if (len + strlen(*argv) + 2 > sizeof(text)) {
			fprintf(stderr, "trace: the filter is too long\n");
			return 1;
		}
		len += (size_t)sprintf(text + len, " %s", *argv);
	}
	return say(text);
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc == 1)
		return show(STATE);
	if (strcmp(argv[1], "filter") == 0)
		return filter(argv + 2);
	if (argc != 2)
		return usage();
	if (strcmp(argv[1], "show") == 0)
		return show(TRACE);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(argv[1], words[i]) == 0)
			return say(words[i]);
	return usage();
}
