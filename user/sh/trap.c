/* SPDX-License-Identifier: MIT */
/*
 * Signals. A handler only notes that its signal came; the action of a trap
 * runs between two commands. At the terminal the shell itself ignores what
 * the keyboard can send, but for ^C, which ends a loop it is running.
 */
#include "sh.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIGNALS 65

struct trap {
	char *action; /* NULL: default; "": ignored */
	volatile sig_atomic_t pending;
	bool changed; /* the disposition is no longer what exec gave us */
};

static struct trap traps[MAX_SIGNALS]; /* [0]: EXIT */
static volatile sig_atomic_t any_pending, interrupted;
static int last_signal;

static const char *const names[] = {
	"EXIT",	  "HUP",  "INT",    "QUIT", "ILL",   "TRAP", "ABRT", "BUS",
	"FPE",	  "KILL", "USR1",   "SEGV", "USR2",  "PIPE", "ALRM", "TERM",
	"STKFLT", "CHLD", "CONT",   "STOP", "TSTP",  "TTIN", "TTOU", "URG",
	"XCPU",	  "XFSZ", "VTALRM", "PROF", "WINCH", "IO",   "PWR",  "SYS",
};

#define NAMES ((int)(sizeof(names) / sizeof(*names)))

const char *signal_name(int sig)
{
	return sig >= 0 && sig < NAMES ? names[sig] : NULL;
}

int signal_number(const char *name)
{
	int i;

	if (isdigit((unsigned char)*name)) {
		i = atoi(name);
		return i < MAX_SIGNALS ? i : -1;
	}
	if (strncmp(name, "SIG", 3) == 0)
		name += 3;
	for (i = 0; i < NAMES; i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	return -1;
}

static void note_signal(int sig)
{
	traps[sig].pending = 1;
	any_pending = 1;
}

static void note_interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

void set_interrupt(void)
{
	interrupted = 1;
}

bool take_interrupt(void)
{
	if (!interrupted)
		return false;
	interrupted = 0;
	if (sh.interactive)
		fputc('\n', stderr);
	return sh.interactive;
}

static void install(int sig, void (*handler)(int))
{
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = handler;
	sigaction(sig, &sa, NULL);
	traps[sig].changed = handler != SIG_DFL;
}

static void install_default(int sig)
{
	void (*handler)(int) = SIG_DFL;

	if (sh.interactive && sig == SIGINT)
		handler = note_interrupt;
	else if (sh.interactive &&
		 (sig == SIGQUIT || sig == SIGTERM || sig == SIGTSTP ||
		  sig == SIGTTIN || sig == SIGTTOU))
		handler = SIG_IGN;
	if (handler != SIG_DFL || traps[sig].changed)
		install(sig, handler);
}

void trap_init(void)
{
	int sig;

	for (sig = 1; sig < NAMES; sig++)
		if (!traps[sig].action && sig != SIGKILL && sig != SIGSTOP)
			install_default(sig);
}

/* In a child: what was caught is default again, what is ignored stays. */
void trap_child(void)
{
	int sig;

	for (sig = 0; sig < MAX_SIGNALS; sig++) {
		traps[sig].pending = 0;
		if (traps[sig].action && !*traps[sig].action)
			continue;
		free(traps[sig].action);
		traps[sig].action = NULL;
		if (sig && traps[sig].changed)
			install(sig, SIG_DFL);
	}
	any_pending = 0;
}

bool trap_any(void)
{
	int sig;

	for (sig = 0; sig < MAX_SIGNALS; sig++)
		if (traps[sig].action && *traps[sig].action)
			return true;
	return false;
}

static void run_action(const char *action)
{
	char *copy = xstrdup(action);
	int status = sh.status;

	run_text(copy, false);
	if (sh.flow == FLOW_NONE)
		sh.status = status;
	free(copy);
}

bool trap_is_pending(void)
{
	return any_pending;
}

int trap_last_signal(void)
{
	int sig;

	for (sig = 1; sig < MAX_SIGNALS; sig++)
		if (traps[sig].pending)
			last_signal = sig;
	return last_signal;
}

void trap_run_pending(void)
{
	int sig;

	if (!any_pending)
		return;
	any_pending = 0;
	for (sig = 1; sig < MAX_SIGNALS; sig++) {
		if (!traps[sig].pending)
			continue;
		traps[sig].pending = 0;
		if (traps[sig].action)
			run_action(traps[sig].action);
	}
}

void trap_run_exit(void)
{
	char *action = traps[0].action;

	traps[0].action = NULL;
	if (action)
		run_action(action);
	free(action);
}

/* --- the built-in ----------------------------------------------------- */

static void set_trap(int sig, const char *action)
{
	free(traps[sig].action);
	traps[sig].action = action ? xstrdup(action) : NULL;
	if (sig == 0)
		return;
	if (!action)
		install_default(sig);
	else
		install(sig, *action ? note_signal : SIG_IGN);
}

static void print_trap(int sig)
{
	const char *s = traps[sig].action;

	fputs("trap -- '", stdout);
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*s);
	}
	if (signal_name(sig))
		printf("' %s\n", signal_name(sig));
	else
		printf("' %d\n", sig);
}

int do_trap(int argc, char **argv)
{
	const char *action = NULL;
	int i = 1, sig, status = 0;

	if (i < argc && strcmp(argv[i], "--") == 0)
		i++;
	if (i == argc) {
		for (sig = 0; sig < MAX_SIGNALS; sig++)
			if (traps[sig].action)
				print_trap(sig);
		return 0;
	}
	if (i + 1 < argc && !isdigit((unsigned char)argv[i][0]))
		action = argv[i++];
	if (action && strcmp(action, "-") == 0)
		action = NULL;
	for (; i < argc; i++) {
		sig = signal_number(argv[i]);
		if (sig < 0 || sig == SIGKILL || sig == SIGSTOP) {
			complain("trap: %s: no such signal", argv[i]);
			status = 1;
		} else {
			set_trap(sig, action);
		}
	}
	return status;
}
