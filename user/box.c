/* SPDX-License-Identifier: MIT */
/*
 * All small tools in one program, so that the image holds the C library
 * once. The name it is called by says which: /bin/ls and its like are hard
 * links to /bin/box, and "box ls" works too. box_tools.h is made from
 * BOX_TOOLS and BOX_LINKS in dir.mk.
 */
#include <stdio.h>
#include <string.h>

#define BOX_TOOL(name, function) int function(int argc, char **argv);
#include "box_tools.h"
#undef BOX_TOOL

struct tool {
	const char *name;
	int (*run)(int argc, char **argv);
};

static const struct tool tools[] = {
#define BOX_TOOL(name, function) { name, function },
#include "box_tools.h"
#undef BOX_TOOL
};

#define TOOLS (sizeof(tools) / sizeof(*tools))

static const struct tool *find(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t i;

	for (i = 0; i < TOOLS; i++)
		if (strcmp(tools[i].name, name) == 0)
			return &tools[i];
	return NULL;
}

static int usage(void)
{
	size_t i, column = 0;

	fprintf(stderr, "usage: box TOOL [ARGUMENT ...], TOOL one of\n");
	for (i = 0; i < TOOLS; i++) {
		if (column + strlen(tools[i].name) > 70) {
			fputc('\n', stderr);
			column = 0;
		}
		column += fprintf(stderr, " %s", tools[i].name);
	}
	fputc('\n', stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const struct tool *t = argc ? find(argv[0]) : NULL;

	if (t)
		return t->run(argc, argv);
	t = argc > 1 ? find(argv[1]) : NULL;
	return t ? t->run(argc - 1, argv + 1) : usage();
}
