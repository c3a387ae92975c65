/* SPDX-License-Identifier: MIT */
/* uname [-asnrvmo]: which system this is. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const char order[] = "snrvm";
	const char *fields[5], *separator = "";
	int wanted[5] = { 0 }, c, i, any = 0;
	struct utsname u;

	while ((c = getopt(argc, argv, "+asnrvmo")) != -1) {
		if (c == '?') {
			fprintf(stderr, "usage: uname [-asnrvm]\n");
			return 2;
		}
		any = 1;
		for (i = 0; i < 5; i++)
			wanted[i] |= c == 'a' || c == order[i] ||
				     (c == 'o' && i == 0);
	}
	if (uname(&u) < 0) {
		perror("uname");
		return 1;
	}
	fields[0] = u.sysname;
	fields[1] = u.nodename;
	fields[2] = u.release;
	fields[3] = u.version;
	fields[4] = u.machine;
	for (i = 0; i < 5; i++) {
		if (!wanted[i] && (any || i))
			continue;
		printf("%s%s", separator, fields[i]);
		separator = " ";
	}
	putchar('\n');
	return 0;
}
