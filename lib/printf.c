/* SPDX-License-Identifier: MIT */
/*
 * Text from a format. One conversion at a time is decoded into a struct
 * spec, then printed as a prefix (sign, 0x), zeros and a body, the whole
 * padded to its width:
 *
 *     "%+8.3d", 42   ->   |    |+|0|42|
 *                          pad  prefix zeros body
 *
 * INV-PF1 nothing is stored at or behind buf + size; pos counts on.
 *
 * Locks: none; any context; about 100 bytes of stack.
 */
#include <lib/div64.h>
#include <lib/printf.h>
#include <lib/string.h>

struct out { /* where the text goes */
	char *buf;
	size_t size; /* bytes of buf */
	size_t pos; /* length so far, also of what did not fit */
};

struct spec { /* one conversion */
	bool left, zero, plus, blank, alt; /* the flags - 0 + ' ' # */
	int width; /* least number of characters */
	int precision; /* -1: none given */
	int size; /* bytes of the argument: 1, 2, 4 or 8 */
	char conv; /* d u x X o c s p, or what stood there */
};

static void put_char(struct out *out, char c)
{
	if (out->pos < out->size)
		out->buf[out->pos] = c;
	out->pos++;
}

static void put_run(struct out *out, char c, int count)
{
	for (; count > 0; count--)
		put_char(out, c);
}

static void put_text(struct out *out, const char *text, int len)
{
	for (; len > 0; len--)
		put_char(out, *text++);
}

/* Prints BODY of LEN characters behind PREFIX and ZEROS zeros, padded. */
static void put_field(struct out *out, const struct spec *spec,
		      const char *prefix, int zeros, const char *body, int len)
{
	int prefix_len = (int)strlen(prefix);
	int pad = spec->width - prefix_len - zeros - len;

	if (!spec->left)
		put_run(out, ' ', pad);
	put_text(out, prefix, prefix_len);
	put_run(out, '0', zeros);
	put_text(out, body, len);
	if (spec->left)
		put_run(out, ' ', pad);
}

/* Writes the digits of VAL so that they end at END; where they begin. */
static char *format_digits(char *end, u64 val, u32 base, const char *digits)
{
	u32 rem;

	while (val) {
		val = u64_divmod(val, base, &rem);
		*--end = digits[rem];
	}
	return end;
}

static u32 number_base(char conv)
{
	if (conv == 'o')
		return 8;
	return conv == 'd' || conv == 'u' ? 10 : 16;
}

static const char *number_prefix(const struct spec *spec, u64 val, bool neg)
{
	if (spec->conv == 'd') {
		if (neg)
			return "-";
		return spec->plus ? "+" : spec->blank ? " " : "";
	}
	if (spec->conv == 'p' || (spec->alt && val && spec->conv == 'x'))
		return "0x";
	if (spec->alt && val && spec->conv == 'X')
		return "0X";
	return "";
}

static void put_number(struct out *out, const struct spec *spec, u64 val,
		       bool neg)
{
	u32 base = number_base(spec->conv);
	const char *digits = spec->conv == 'X' ? "0123456789ABCDEF"
					       : "0123456789abcdef";
	const char *prefix = number_prefix(spec, val, neg);
	char body[24], *end = body + sizeof(body);
	char *start = format_digits(end, val, base, digits);
	int len = (int)(end - start);
	int least = spec->precision < 0 ? 1 : spec->precision;

	if (spec->precision < 0 && spec->zero && !spec->left)
		least = MAX(least, spec->width - (int)strlen(prefix));
	if (spec->conv == 'o' && spec->alt)
		least = MAX(least, len + 1);
	put_field(out, spec, prefix, MAX(least - len, 0), start, len);
}

static u64 next_unsigned(const struct spec *spec, va_list *args)
{
	u64 val = spec->size == 8 ? va_arg(*args, unsigned long long)
				  : va_arg(*args, unsigned int);

	return spec->size == 1 ? (u8)val : spec->size == 2 ? (u16)val : val;
}

static s64 next_signed(const struct spec *spec, va_list *args)
{
	s64 val = spec->size == 8 ? va_arg(*args, long long)
				  : va_arg(*args, int);

	return spec->size == 1 ? (s8)val : spec->size == 2 ? (s16)val : val;
}

static void put_signed(struct out *out, const struct spec *spec, s64 val)
{
	put_number(out, spec, val < 0 ? -(u64)val : (u64)val, val < 0);
}

static void put_string(struct out *out, const struct spec *spec, const char *s)
{
	size_t max = spec->precision < 0 ? ~(size_t)0 : (size_t)spec->precision;

	if (!s)
		s = "(null)";
	put_field(out, spec, "", 0, s, (int)strnlen(s, max));
}

static void put_conversion(struct out *out, struct spec *spec, va_list *args)
{
	char c;

	switch (spec->conv) {
	case 'd':
		put_signed(out, spec, next_signed(spec, args));
		break;
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		put_number(out, spec, next_unsigned(spec, args), false);
		break;
	case 's':
		put_string(out, spec, va_arg(*args, const char *));
		break;
	case 'p':
		spec->precision = 8;
		put_number(out, spec, (uintptr_t)va_arg(*args, void *), false);
		break;
	case 'c':
		c = (char)va_arg(*args, int);
		put_field(out, spec, "", 0, &c, 1);
		break;
	default:
		if (spec->conv != '%')
			put_char(out, '%');
		put_char(out, spec->conv);
	}
}

static const char *parse_flags(const char *fmt, struct spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-':
			spec->left = true;
			break;
		case '0':
			spec->zero = true;
			break;
		case '+':
			spec->plus = true;
			break;
		case ' ':
			spec->blank = true;
			break;
		case '#':
			spec->alt = true;
			break;
		default:
			return fmt;
		}
	}
}

static const char *parse_count(const char *fmt, int *count, va_list *args)
{
	if (*fmt == '*') {
		*count = va_arg(*args, int);
		return fmt + 1;
	}
	for (*count = 0; *fmt >= '0' && *fmt <= '9'; fmt++)
		if (*count < 100000)
			*count = *count * 10 + (*fmt - '0');
	return fmt;
}

static const char *parse_length(const char *fmt, struct spec *spec)
{
	int wide = 0;

	spec->size = 4;
	for (; *fmt == 'h'; fmt++)
		spec->size = spec->size / 2 ? spec->size / 2 : 1;
	for (; *fmt == 'l'; fmt++)
		wide++;
	if (wide)
		spec->size = wide > 1 ? 8 : (int)sizeof(long);
	if (*fmt == 'z') {
		spec->size = (int)sizeof(size_t);
		fmt++;
	}
	return fmt;
}

/* Decodes what stands behind a %; the first character after it. */
static const char *parse_spec(const char *fmt, struct spec *spec, va_list *args)
{
	*spec = (struct spec){ .precision = -1 };
	fmt = parse_flags(fmt, spec);
	fmt = parse_count(fmt, &spec->width, args);
	if (spec->width < 0) {
		spec->left = true;
		spec->width = -spec->width;
	}
	if (*fmt == '.') {
		fmt = parse_count(fmt + 1, &spec->precision, args);
		spec->precision = MAX(spec->precision, -1);
	}
	fmt = parse_length(fmt, spec);
	spec->conv = *fmt == 'i' ? 'd' : *fmt;
	return *fmt ? fmt + 1 : fmt;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out out = { buf, size, 0 };
	struct spec spec;
	va_list copy;

	va_copy(copy, args);
	while (*fmt) {
		if (*fmt != '%') {
			put_char(&out, *fmt++);
			continue;
		}
		fmt = parse_spec(fmt + 1, &spec, &copy);
		if (spec.conv)
			put_conversion(&out, &spec, &copy);
	}
	va_end(copy);
	if (size)
		buf[MIN(out.pos, size - 1)] = 0;
	return (int)out.pos;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}
