/* SPDX-License-Identifier: MIT */
/* Pipes (shm-spec 8.2). */
#include "t.h"
#include <poll.h>

static int p[2];

static void open_pipe(int flags)
{
	if (pipe2(p, flags))
		say("pipe2: %s", err_name(errno));
}

static void close_pipe(void)
{
	close(p[0]);
	close(p[1]);
}

static void errors(void)
{
	char buf[10];
	int fds[2];

	open_pipe(0);
	R("lseek", lseek(p[0], 0, SEEK_SET));
	R("pread", pread(p[0], buf, 1, 0));
	R("read on the write end", read(p[1], buf, 1));
	R("write on the read end", write(p[0], buf, 1));
	V("count 0", read(p[0], buf, 0));
	V("write of nothing", write(p[1], buf, 0));
	close_pipe();
	R("bad array", pipe((int *)8));
	R("and no descriptor is lost", dup2(1, p[0]));
	close(p[0]);
	R("bad flags", pipe2(fds, 0x40000000));
	R("closed", read(p[0], buf, 1));
}

static void data(void)
{
	char buf[100] = "";

	open_pipe(0);
	write(p[1], "abc", 3);
	write(p[1], "def", 3);
	V("read takes what is there", read(p[0], buf, 100));
	say("%s", buf);
	write(p[1], "0123456789", 10);
	V("or what was asked for", read(p[0], buf, 4));
	V("the rest", read(p[0], buf, 100));
	close(p[1]);
	V("no writer left", read(p[0], buf, 100));
	close(p[0]);
}

static void nonblocking(void)
{
	static char big[100000];
	long n, total = 0;

	open_pipe(O_NONBLOCK);
	R("empty", read(p[0], big, 1));
	V("capacity", fcntl(p[0], F_GETPIPE_SZ));
	while ((n = write(p[1], big, 4096)) > 0)
		total += n;
	say("filled by 4096: %ld, then %s", total, err_name(errno));
	R("one byte more", write(p[1], big, 1));
	V("drain 4096", read(p[0], big, 4096));
	V("4096 fit again", write(p[1], big, 4096));
	R("full", write(p[1], big, 4096));
	V("drain 8192", read(p[0], big, 8192));
	V("a large write is cut", write(p[1], big, 100000));
	close_pipe();
}

static void no_reader(void *arg)
{
	open_pipe(0);
	close(p[0]);
	if (arg)
		signal(SIGPIPE, SIG_IGN);
	V("write of nothing", write(p[1], "x", 0));
	R("write", write(p[1], "x", 1));
}

static void reads_slowly(void *arg)
{
	static char buf[3000];
	long total = 0, n, sum = 0;

	(void)arg;
	close(p[1]);
	while ((n = read(p[0], buf, sizeof(buf))) > 0) {
		total += n;
		for (long i = 0; i < n; i++)
			sum += buf[i];
	}
	say("the child read %ld bytes, sum %ld", total, sum);
}

static void blocking_writer(void)
{
	static char big[300000];
	pid_t pid;

	open_pipe(0);
	memset(big, 1, sizeof(big));
	pid = fork();
	if (pid == 0) {
		reads_slowly(NULL);
		_exit(0);
	}
	close(p[0]);
	V("a blocking write is whole", write(p[1], big, sizeof(big)));
	close(p[1]);
	waitpid(pid, NULL, 0);
}

/* Writers of at most PIPE_BUF bytes never mix. */
static void atomic_writes(void)
{
	static char buf[1000], in[1000];
	int i, j, n, pure = 0, whole = 0;

	open_pipe(0);
	for (i = 0; i < 3; i++)
		if (fork() == 0) {
			memset(buf, 'a' + i, sizeof(buf));
			for (j = 0; j < 100; j++)
				write(p[1], buf, sizeof(buf));
			_exit(0);
		}
	close(p[1]);
	for (;;) {
		for (n = 0; n < 1000; n += i)
			if ((i = read(p[0], in + n, 1000 - n)) <= 0)
				break;
		if (n == 0)
			break;
		whole += n == 1000;
		for (j = 1; j < n && in[j] == in[0]; j++)
			;
		pure += j == n;
	}
	while (wait(NULL) > 0)
		;
	close(p[0]);
	say("300 messages of 1000 bytes: %d whole, %d unmixed", whole, pure);
}

static int poll_of(int fd)
{
	struct pollfd pf = { .fd = fd, .events = POLLIN | POLLOUT };

	poll(&pf, 1, 0);
	return pf.revents;
}

static void polling(void)
{
	struct pollfd pf[2];

	open_pipe(O_NONBLOCK);
	say("empty: read end %#x, write end %#x", poll_of(p[0]), poll_of(p[1]));
	write(p[1], "x", 1);
	say("with data: read end %#x", poll_of(p[0]));
	close(p[1]);
	say("writer gone, data left: %#x", poll_of(p[0]));
	read(p[0], &(char){ 0 }, 1);
	say("writer gone: %#x", poll_of(p[0]));
	close(p[0]);
	open_pipe(O_NONBLOCK);
	close(p[0]);
	say("reader gone: %#x", poll_of(p[1]));
	close(p[1]);
	pf[0] = (struct pollfd){ .fd = 99, .events = POLLIN };
	pf[1] = (struct pollfd){ .fd = -1, .events = POLLIN };
	V("a closed descriptor counts", poll(pf, 2, 0));
	say("revents %#x %#x", pf[0].revents, pf[1].revents);
	R("bad array", poll((void *)8, 1, 0));
	V("nothing, 20 ms", poll(NULL, 0, 20));
}

static void fifos(void)
{
	struct stat st;
	char buf[8] = "";
	int r, w;

	R("mkfifo", mkfifo("/tmp/fifo", 0600));
	R("again", mkfifo("/tmp/fifo", 0600));
	R("writer without reader", open("/tmp/fifo", O_WRONLY | O_NONBLOCK));
	r = open("/tmp/fifo", O_RDONLY | O_NONBLOCK);
	fact("a reader alone", r >= 0);
	V("no writer yet", read(r, buf, 8));
	w = open("/tmp/fifo", O_WRONLY);
	fact("now a writer", w >= 0);
	R("empty", read(r, buf, 8));
	write(w, "hey", 3);
	V("data", read(r, buf, 8));
	stat("/tmp/fifo", &st);
	say("size %d, a fifo: %d", (int)st.st_size, S_ISFIFO(st.st_mode));
	close(w);
	V("the writer left", read(r, buf, 8));
	close(r);
	if (fork() == 0) {
		w = open("/tmp/fifo", O_WRONLY);
		write(w, "later", 5);
		_exit(0);
	}
	r = open("/tmp/fifo", O_RDONLY);
	V("a reader waits for its writer", read(r, buf, 8));
	wait(NULL);
	close(r);
	unlink("/tmp/fifo");
}

static void interrupted(int sig)
{
	(void)sig;
}

static void signals_during(void)
{
	struct sigaction act = { .sa_handler = interrupted };
	struct sigaction again = { .sa_handler = interrupted,
				   .sa_flags = SA_RESTART };
	pid_t reader = getpid();
	char c;

	open_pipe(0);
	if (fork() == 0) {
		until_asleep(reader);
		kill(reader, SIGUSR1);
		until_asleep(reader);
		kill(reader, SIGUSR2);
		until_asleep(reader);
		write(p[1], "r", 1);
		_exit(0);
	}
	sigaction(SIGUSR1, &act, NULL);
	sigaction(SIGUSR2, &again, NULL);
	R("read, a handler runs", read(p[0], &c, 1));
	V("with SA_RESTART", read(p[0], &c, 1));
	wait(NULL);
	close_pipe();
}

int main(void)
{
	errors();
	data();
	nonblocking();
	child("no reader", no_reader, NULL);
	child("no reader, SIGPIPE ignored", no_reader, "");
	blocking_writer();
	atomic_writes();
	polling();
	fifos();
	signals_during();
	return 0;
}
