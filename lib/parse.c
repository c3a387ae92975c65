/* SPDX-License-Identifier: MIT */
/* Numbers written as text. Overflow and trailing rubbish are errors. */
#include <lib/parse.h>

static u32 digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return ~0u;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

u32 parse_digits(const char *text, u32 len, u32 base, u32 *val)
{
	u32 i, digit, result = 0;

	for (i = 0; i < len; i++) {
		digit = digit_value(text[i]);
		if (digit >= base)
			break;
		if (result > (~0u - digit) / base)
			return 0;
		result = result * base + digit;
	}
	if (i)
		*val = result;
	return i;
}

bool parse_u32(const char *text, u32 *val)
{
	u32 base = 10, taken, result;

	while (is_blank(*text))
		text++;
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		text += 2;
		base = 16;
	} else if (text[0] == '0') {
		base = 8;
	}
	taken = parse_digits(text, ~0u, base, &result);
	if (!taken)
		return false;
	for (text += taken; is_blank(*text); text++)
		;
	if (*text)
		return false;
	*val = result;
	return true;
}
