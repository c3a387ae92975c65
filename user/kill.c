/* SPDX-License-Identifier: MIT */
/*
 * kill [-SIGNAL | -s SIGNAL] PID ...: sends a signal, TERM if none is named.
 * kill -l [NUMBER]: the names. A negative PID is a process group.
 */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
	"0",	  "HUP",  "INT",    "QUIT", "ILL",   "TRAP", "ABRT", "BUS",
	"FPE",	  "KILL", "USR1",   "SEGV", "USR2",  "PIPE", "ALRM", "TERM",
	"STKFLT", "CHLD", "CONT",   "STOP", "TSTP",  "TTIN", "TTOU", "URG",
	"XCPU",	  "XFSZ", "VTALRM", "PROF", "WINCH", "IO",   "PWR",  "SYS",
};

#define NAMES ((int)(sizeof(names) / sizeof(*names)))

static int usage(void)
{
	fprintf(stderr, "usage: kill [-SIGNAL | -s SIGNAL] PID ...\n"
			"       kill -l [NUMBER]\n");
	return 2;
}

static int signal_number(const char *text)
{
	int i;

	if (isdigit((unsigned char)*text)) {
		i = atoi(text);
		return i <= 64 ? i : -1;
	}
	if (strncmp(text, "SIG", 3) == 0)
		text += 3;
	for (i = 0; i < NAMES; i++)
		if (strcmp(text, names[i]) == 0)
			return i;
	return -1;
}

/* NUMBER may be an exit status: 137 is KILL. */
static int list(const char *number)
{
	int i = number ? atoi(number) & 127 : 0;

	if (number) {
		if (i < 1 || i >= NAMES)
			return usage();
		puts(names[i]);
		return 0;
	}
	for (i = 1; i < NAMES; i++)
		printf("%2d %-7s%s", i, names[i], i % 8 ? "" : "\n");
	if ((NAMES - 1) % 8)
		putchar('\n');
	return 0;
}

static int send_to(const char *text, int sig)
{
	char *end;
	long pid = strtol(text, &end, 10);

	if (!*text || *end) {
		fprintf(stderr, "kill: %s: is no process number\n", text);
		return 1;
	}
	if (kill((pid_t)pid, sig) == 0)
		return 0;
	fprintf(stderr, "kill: %s: %s\n", text, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	int i = 1, sig = SIGTERM, status = 0;
	const char *name = NULL;

	if (argc > 1 && strcmp(argv[1], "-l") == 0)
		return list(argv[2]);
	if (argc > 2 && strcmp(argv[1], "-s") == 0) {
		name = argv[2];
		i = 3;
	} else if (argc > 1 && argv[1][0] == '-' &&
		   strcmp(argv[1], "--") != 0) {
		name = argv[1] + 1;
		i = 2;
	}
	if (i < argc && strcmp(argv[i], "--") == 0)
		i++;
	if (name)
		sig = signal_number(name);
	if (sig < 0) {
		fprintf(stderr, "kill: %s: no such signal; see kill -l\n",
			name);
		return 1;
	}
	if (i == argc)
		return usage();
	for (; i < argc; i++)
		status |= send_to(argv[i], sig);
	return status;
}
