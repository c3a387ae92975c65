/* SPDX-License-Identifier: MIT */
/*
 * fs/tmpfs/cpio.c: archives as GNU cpio and tools/mkinitrd write them, the same
 * cut off at every byte and with every bit flipped, and archives with odd
 * numbers in their headers. Whatever the reader hands out must keep the
 * promises of fs/tmpfs/cpio.h; it must end, and never read outside the buffer.
 */
#include <string.h>

#include <fs/tmpfs/cpio.h>

#include "tap.h"

static u8 image[16384];
static u32 image_len;

static void append(const void *data, u32 len)
{
	memcpy(image + image_len, data, len);
	image_len += len;
}

static void align4(void)
{
	while (image_len % 4)
		image[image_len++] = 0;
}

/* An entry whose name is padded with PAD more NULs. */
static void add_padded(const char *name, u32 mode, u32 ino, const void *data,
		       u32 size, u32 pad)
{
	char header[111];
	u32 namesize = (u32)strlen(name) + 1 + pad;

	snprintf(header, sizeof(header),
		 "070701%08X%08x%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
		 ino, mode, 7, 8, 1, 1000000000, size, 3, 4, 5, 6, namesize, 0);
	append(header, 110);
	append(name, (u32)strlen(name) + 1);
	while (pad--)
		image[image_len++] = 0;
	align4();
	append(data, size);
	align4();
}

static void add(const char *name, u32 mode, u32 ino, const char *text)
{
	add_padded(name, mode, ino, text, (u32)strlen(text), 0);
}

static void trailer(u32 zeros)
{
	add("TRAILER!!!", 0, 0, "");
	while (zeros--)
		image[image_len++] = 0;
}

static void make_image(void)
{
	memset(image, 0, sizeof(image));
	image_len = 0;
	add(".", 040755, 1, "");
	add("bin", 040755, 2, "");
	add("./bin/sh", 0100755, 3, "#!x\n");
	add_padded("etc/rc", 0100644, 4, "hello, world", 12, 700);
	add("/bin/link", 0120777, 5, "sh");
	trailer(300);
	add("dev/null", 020666, 1, "");
	trailer(0);
}

/* NULL, or what E breaks of fs/tmpfs/cpio.h. */
static const char *breach(const struct cpio_entry *e, const u8 *base, u32 len)
{
	const u8 *name = (const u8 *)e->name;
	u32 type = e->mode >> 12, n, part = 0;

	if (name < base || name >= base + len)
		return "name outside";
	n = (u32)strnlen(e->name, base + len - name);
	if (name + n >= base + len || n > 4095 || e->name[0] == '/' ||
	    (e->name[0] == '.' && (e->name[1] == '/' || !e->name[1])))
		return "name";
	for (u32 i = 0; i <= n; i++, part++) {
		if (e->name[i] && e->name[i] != '/')
			continue;
		if (part > 255 || (part == 2 && e->name[i - 1] == '.' &&
				   e->name[i - 2] == '.'))
			return "part of a name";
		part = ~0u;
	}
	if (e->data < base || e->data > base + len ||
	    e->size > (u32)(base + len - e->data))
		return "data outside";
	if (type != 1 && type != 2 && type != 4 && type != 6 && type != 8 &&
	    type != 10 && type != 12)
		return "type";
	if (type == 10 &&
	    (e->size < 1 || e->size > 4095 || memchr(e->data, 0, e->size)))
		return "link";
	return NULL;
}

struct outcome {
	enum cpio_result last;
	u32 entries, trailers;
	const char *breach; /* NULL: promises kept */
};

/* Reads all of the first LEN bytes, in a buffer of just that size. */
static struct outcome read_all(const u8 *bytes, u32 len)
{
	struct outcome out = { CPIO_ENTRY, 0, 0, NULL };
	u8 *copy = malloc(len ? len : 1);
	struct cpio_entry e;
	struct cpio c;
	u32 pos = 0, steps = 0;

	memcpy(copy, bytes, len);
	cpio_begin(&c, copy, len);
	for (;;) {
		out.last = cpio_next(&c, &e);
		if (out.last == CPIO_END || out.last == CPIO_BAD)
			break;
		if (out.last == CPIO_TRAILER)
			out.trailers++;
		else if (!out.breach)
			out.breach = breach(&e, copy, len);
		out.entries += out.last == CPIO_ENTRY;
		if (c.pos <= pos || c.pos > len || ++steps > len)
			out.breach = "INV-Z1: pos";
		pos = c.pos;
		if (out.breach)
			break;
	}
	if (!out.breach && out.last == CPIO_BAD &&
	    (!c.error || !c.error[0] || c.pos > len))
		out.breach = "no error text";
	if (!out.breach && cpio_next(&c, &e) != out.last)
		out.breach = "it does not stay at the end";
	free(copy);
	return out;
}

static void test_good(void)
{
	static const struct {
		const char *name;
		u32 mode, ino;
		const char *text;
	} want[] = {
		{ "", 040755, 1, "" },
		{ "bin", 040755, 2, "" },
		{ "bin/sh", 0100755, 3, "#!x\n" },
		{ "etc/rc", 0100644, 4, "hello, world" },
		{ "bin/link", 0120777, 5, "sh" },
		{ "dev/null", 020666, 1, "" },
	};
	struct cpio_entry e;
	struct cpio c;
	u32 i = 0, trailers = 0;
	bool good = true;
	enum cpio_result r;

	make_image();
	cpio_begin(&c, image, image_len);
	while ((r = cpio_next(&c, &e)) == CPIO_ENTRY || r == CPIO_TRAILER) {
		if (r == CPIO_TRAILER) {
			trailers++;
			good &= i == (trailers == 1 ? 5 : 6);
			continue;
		}
		good &= i < 6 && !strcmp(e.name, want[i].name) &&
			e.mode == want[i].mode && e.ino == want[i].ino &&
			e.size == strlen(want[i].text) &&
			!memcmp(e.data, want[i].text, e.size);
		good &= e.uid == 7 && e.gid == 8 && e.nlink == 1 &&
			e.mtime == 1000000000 && e.dev_major == 3 &&
			e.dev_minor == 4 && e.rdev_major == 5 &&
			e.rdev_minor == 6;
		i++;
	}
	ok(r == CPIO_END && i == 6 && good,
	   "two archives: names, numbers and data");
	ok(trailers == 2, "each ends with its trailer");
}

/* Cut off between two archives is whole; anywhere else it is damaged. */
static void test_cut(void)
{
	u32 len, whole = 0;
	bool kept = true, bad = true;

	make_image();
	for (len = 0; len < image_len; len++) {
		struct outcome out = read_all(image, len);

		kept &= !out.breach;
		whole += out.last == CPIO_END;
		bad &= out.last == CPIO_BAD || out.trailers > 0;
	}
	ok(kept, "cut off at every byte: nothing outside is read");
	ok(bad && whole > 250 && whole < 400,
	   "it is damaged, but for %u cuts in the zeros between", whole);
}

static void test_flips(void)
{
	u32 bit, damaged = 0;
	const char *first = NULL;

	make_image();
	for (bit = 0; bit < image_len * 8; bit++) {
		struct outcome out;

		image[bit / 8] ^= 1u << bit % 8;
		out = read_all(image, image_len);
		image[bit / 8] ^= 1u << bit % 8;
		damaged += out.last == CPIO_BAD;
		if (out.breach)
			first = out.breach;
	}
	ok(!first, "each of %u bits flipped: promises kept%s%s", image_len * 8,
	   first ? ", not: " : "", first ? first : "");
	ok(damaged > 1000, "%u of them are noticed", damaged);
}

static void test_odd_numbers(void)
{
	static const char *const odd[] = {
		"00000000", "00000001", "FFFFFFFF", "FFFFFFF0",
		"7FFFFFFF", "80000000", "FFFFFF92", "00001000",
		"0000000G", "-0000001", " 0000001", "0x000001",
	};
	const char *first = NULL;
	u32 i;

	for (i = 0; i < 20000; i++) {
		u32 entry = rnd_below(3), pos = 0;
		struct outcome out;

		if (i % 2 == 0)
			make_image();
		while (entry--)
			pos += 110 + (pos ? 6 : 2) + 0;
		pos = ALIGN_UP(pos, 4u);
		if (memcmp(image + pos, "070701", 6))
			pos = 0;
		memcpy(image + pos + 6 + 8 * rnd_below(13),
		       odd[rnd_below(ARRAY_SIZE(odd))], 8);
		out = read_all(image, image_len);
		if (out.breach)
			first = out.breach;
	}
	ok(!first, "20,000 odd numbers in headers: promises kept");
}

static void test_refused(void)
{
	static char text[5000];
	struct outcome out;

#define REFUSED(make, what)                                                \
	do {                                                               \
		memset(image, 0, sizeof(image));                           \
		image_len = 0;                                             \
		make;                                                      \
		trailer(0);                                                \
		out = read_all(image, image_len);                          \
		ok(out.last == CPIO_BAD && !out.breach, "refused: " what); \
	} while (0)
	REFUSED(add("../etc/passwd", 0100644, 1, "x"), "a name with ..");
	REFUSED(add("a/../b", 0100644, 1, "x"), ".. in the middle");
	REFUSED(add("a/..", 040755, 1, ""), ".. at the end");
	REFUSED(add("", 0100644, 1, "x"), "an empty name");
	REFUSED(add("x", 0644, 1, "x"), "no type");
	REFUSED(add("x", 0170644, 1, "x"), "an unknown type");
	REFUSED(add("x", 01100644, 1, "x"), "a mode of more than 16 bits");
	REFUSED(add("x", 0120777, 1, ""), "a link to nothing");
	REFUSED(add_padded("x", 0120777, 1, "a\0b", 3, 0), "a link with a NUL");
	memset(text, 'a', 256);
	REFUSED(add(text, 0100644, 1, "x"), "a name of 256 bytes");
	for (u32 i = 0; i < 4200; i++)
		text[i] = i % 10 ? 'a' : '/';
	REFUSED(add(text, 0100644, 1, "x"), "a path of 4200 bytes");
	REFUSED(add_padded("x", 0120777, 1, text + 1, 4100, 0),
		"a target of 4100 bytes");
	REFUSED(append("garbage!", 8), "something else in front");
	out = read_all((const u8 *)"", 0);
	ok(out.last == CPIO_BAD, "refused: nothing at all");
	memset(image, 0, 64);
	out = read_all(image, 64);
	ok(out.last == CPIO_BAD, "refused: zeros only");
}

static void test_accepted(void)
{
	struct outcome out;

	memset(image, 0, sizeof(image));
	image_len = 0;
	add("..a", 0100644, 1, "x");
	add("a..", 0100644, 1, "x");
	add("a/...", 0100644, 1, "x");
	add("a//b", 0100644, 1, "x");
	trailer(0);
	out = read_all(image, image_len);
	ok(out.last == CPIO_END && out.entries == 4,
	   "names that only look like ..");
}

int main(void)
{
	test_good();
	test_cut();
	test_flips();
	test_odd_numbers();
	test_refused();
	test_accepted();
	return tap_done();
}
