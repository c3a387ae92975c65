/* SPDX-License-Identifier: MIT */
/*
 * grep [-EFchilnqsvx] [-e] PATTERN [FILE ...]: lines that match.
 *   -E extended patterns   -F plain text   -i upper and lower case alike
 *   -v lines that do not   -x whole lines  -c only how many
 *   -n with numbers        -l only names   -q only the status
 *   -s no complaints       -h no names
 * Status: 0 something was found, 1 nothing, 2 something was wrong.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int opt[128]; /* by letter */
static const char *pattern;
static regex_t regex;
static int found, trouble;

/* Escapes all that is special in a basic pattern. */
static char *quote(const char *s)
{
	char *q = malloc(2 * strlen(s) + 1), *to = q;

	for (; q && *s; s++) {
		if (strchr("\\.[*^$", *s))
			*to++ = '\\';
		*to++ = *s;
	}
	if (q)
		*to = '\0';
	return q;
}

static int compile(void)
{
	int flags = (opt['E'] ? REG_EXTENDED : 0) | (opt['i'] ? REG_ICASE : 0);
	const char *text = opt['F'] ? quote(pattern) : pattern;
	char error[128];
	int rc;

	if (!text)
		return -1;
	rc = regcomp(&regex, text, flags);
	if (rc == 0)
		return 0;
	regerror(rc, &regex, error, sizeof(error));
	fprintf(stderr, "grep: %s: %s\n", pattern, error);
	return -1;
}

static int matches(const char *line)
{
	regmatch_t m;
	int hit = regexec(&regex, line, 1, &m, 0) == 0;

	if (hit && opt['x'])
		hit = m.rm_so == 0 && line[m.rm_eo] == '\0';
	return hit != opt['v'];
}

static void print_line(const char *name, long number, const char *line)
{
	if (name)
		printf("%s:", name);
	if (opt['n'])
		printf("%ld:", number);
	puts(line);
}

/* NAME is printed before each line; NULL: not. */
static void search(FILE *f, const char *name, const char *file)
{
	long number = 0, count = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, f)) >= 0) {
		number++;
		if (n && line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (!matches(line))
			continue;
		count++;
		if (opt['q'] || opt['l'])
			break;
		if (!opt['c'])
			print_line(name, number, line);
	}
	if (opt['l'] && count && !opt['q'])
		puts(file);
	else if (opt['c'] && !opt['q'])
		printf("%s%s%ld\n", name ? name : "", name ? ":" : "", count);
	found |= count > 0;
	free(line);
}

static void search_file(const char *path, int named)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");

	if (!f) {
		if (!opt['s'])
			fprintf(stderr, "grep: %s: %s\n", path,
				strerror(errno));
		trouble = 1;
		return;
	}
	search(f, named ? path : NULL, path);
	if (ferror(f)) {
		if (!opt['s'])
			fprintf(stderr, "grep: %s: %s\n", path,
				strerror(errno));
		trouble = 1;
	}
	if (f != stdin)
		fclose(f);
}

int main(int argc, char **argv)
{
	int c, i;

	while ((c = getopt(argc, argv, "+EFchilnqsvxe:")) != -1) {
		if (c == 'e') {
			pattern = optarg;
		} else if (c != '?') {
			opt[c] = 1;
			continue;
		} else {
			argc = 0;
		}
	}
	if (!pattern && optind < argc)
		pattern = argv[optind++];
	if (!pattern || argc == 0) {
		fprintf(stderr, "usage: grep [-EFchilnqsvx] PATTERN "
				"[FILE ...]\n");
		return 2;
	}
	if (compile() < 0)
		return 2;
	if (optind == argc)
		search(stdin, NULL, "(input)");
	for (i = optind; i < argc; i++)
		search_file(argv[i], argc - optind > 1 && !opt['h']);
	if (fflush(stdout))
		trouble = 1;
	if (found && opt['q'])
		return 0;
	return trouble ? 2 : !found;
}
