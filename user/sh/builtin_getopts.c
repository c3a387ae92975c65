/* SPDX-License-Identifier: MIT */
/*
 * getopts OPTIONS NAME [ARG ...]: the next option of the arguments into NAME,
 * its argument into OPTARG; OPTIND is the argument that is looked at next.
 */
#include "sh.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int option_at; /* position inside argument OPTIND */

static void set_index(int index)
{
	char text[12];

	snprintf(text, sizeof(text), "%d", index);
	var_set("OPTIND", text);
}

/* Option C is unknown (or lacks its argument, MISSING). */
static void bad_option(char c, bool silent, bool missing, const char *name)
{
	char text[2] = { c, '\0' };

	var_set(name, silent && missing ? ":" : "?");
	if (silent)
		var_set("OPTARG", text);
	else
		complain(missing ? "-%c needs an argument"
				 : "-%c: no such option",
			 c);
}

static const char *option_argument(char **list, int count, int *index)
{
	const char *rest = list[*index - 1] + option_at;

	option_at = 0;
	if (*rest) {
		(*index)++;
		return rest;
	}
	*index += 2;
	return *index - 2 < count ? list[*index - 2] : NULL;
}

int do_getopts(int argc, char **argv)
{
	char **list = argc > 3 ? argv + 3 : positional.list;
	int count = argc > 3 ? argc - 3 : positional.count;
	int index = var_get("OPTIND") ? atoi(var_get("OPTIND")) : 1;
	const char *spec, *found, *value;
	char text[2] = { 0 };

	if (argc < 3) {
		complain("getopts: usage: getopts OPTIONS NAME");
		return 2;
	}
	spec = argv[1];
	if (index < 1 || index > count ||
	    (!option_at &&
	     (list[index - 1][0] != '-' || !list[index - 1][1]))) {
		var_set(argv[2], "?");
		return 1;
	}
	if (!option_at && strcmp(list[index - 1], "--") == 0) {
		set_index(index + 1);
		var_set(argv[2], "?");
		return 1;
	}
	if (!option_at)
		option_at = 1;
	text[0] = list[index - 1][option_at++];
	found = text[0] == ':' ? NULL : strchr(spec, text[0]);
	var_unset("OPTARG");
	if (found && found[1] == ':') {
		value = option_argument(list, count, &index);
		if (value) {
			var_set("OPTARG", value);
			var_set(argv[2], text);
		} else {
			index = count + 1;
			bad_option(text[0], *spec == ':', true, argv[2]);
		}
	} else {
		if (!list[index - 1][option_at]) {
			option_at = 0;
			index++;
		}
		if (found)
			var_set(argv[2], text);
		else
			bad_option(text[0], *spec == ':', false, argv[2]);
	}
	set_index(index);
	return 0;
}
