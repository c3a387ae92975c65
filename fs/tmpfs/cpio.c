/* SPDX-License-Identifier: MIT */
/*
 * Reader of newc archives: fs/tmpfs/cpio.h has the format.
 *
 * INV-Z1  pos <= size, and pos grows with every entry, so reading ends.
 *
 * See: cpio(5).
 */
#include <fs/tmpfs/cpio.h>
#include <lib/parse.h>
#include <lib/string.h>

#define HEADER_SIZE 110u
#define MAGIC "070701"
#define MAGIC_LEN 6u
#define DIGITS 8u
#define PART_MAX 255u
#define PATH_LEN_MAX 4095u

#define TYPE_MASK 0170000u
#define TYPE_LINK 0120000u

enum field { /* numbers of the header, in order */
	F_INO,
	F_MODE,
	F_UID,
	F_GID,
	F_NLINK,
	F_MTIME,
	F_FILESIZE,
	F_DEVMAJOR,
	F_DEVMINOR,
	F_RDEVMAJOR,
	F_RDEVMINOR,
	F_NAMESIZE,
	F_CHECK, /* 0 in this format */
	FIELD_COUNT
};

BUILD_ASSERT(MAGIC_LEN + FIELD_COUNT * DIGITS == HEADER_SIZE, "cpio(5)");

static enum cpio_result bad(struct cpio *c, const char *error)
{
	c->error = error;
	return CPIO_BAD;
}

static bool parse_header(const u8 *header, u32 *field)
{
	const char *text = (const char *)header + MAGIC_LEN;
	u32 i;

	for (i = 0; i < FIELD_COUNT; i++, text += DIGITS)
		if (parse_digits(text, DIGITS, 16, &field[i]) != DIGITS)
			return false;
	return true;
}

static bool known_type(u32 mode)
{
	switch (mode & TYPE_MASK) {
	case 0010000: /* FIFO */
	case 0020000: /* character device */
	case 0040000: /* folder */
	case 0060000: /* block device */
	case 0100000: /* regular file */
	case TYPE_LINK:
	case 0140000: /* socket */
		return !(mode & ~0177777u);
	}
	return false;
}

/* The part of a path at NAME: its length. */
static u32 part_len(const char *name)
{
	u32 len = 0;

	while (name[len] && name[len] != '/')
		len++;
	return len;
}

/* NULL, or what is wrong with the parts of NAME. */
static const char *check_parts(const char *name)
{
	u32 len;

	for (;;) {
		while (*name == '/')
			name++;
		if (!*name)
			return NULL;
		len = part_len(name);
		if (len > PART_MAX)
			return "has a name longer than 255 bytes";
		if (len == 2 && name[0] == '.' && name[1] == '.')
			return "has a name with \"..\"";
		name += len;
	}
}

/* NULL, or what is wrong with the SIZE bytes of a name with its NULs. */
static const char *check_name(const char *name, u32 size)
{
	u32 len = strnlen(name, size), i;

	if (len == size)
		return "has a name that does not end";
	if (len == 0)
		return "has an empty name";
	if (len > PATH_LEN_MAX)
		return "has a path longer than 4095 bytes";
	for (i = len; i < size; i++)
		if (name[i])
			return "has a name with bytes behind its end";
	return check_parts(name);
}

/* Skips "/", "./" and "." in front: names are relative to the root. */
static const char *strip_name(const char *name)
{
	for (;;) {
		if (*name == '/')
			name++;
		else if (name[0] == '.' && (name[1] == '/' || !name[1]))
			name++;
		else
			return name;
	}
}

/* NULL, or what is wrong with the target of a link. */
static const char *check_target(const struct cpio_entry *e)
{
	if (e->size == 0 || e->size > PATH_LEN_MAX)
		return "has a link with an impossible length";
	if (strnlen((const char *)e->data, e->size) != e->size)
		return "has a link with a NUL in it";
	return NULL;
}

static void fill_entry(struct cpio_entry *e, const u32 *field)
{
	e->ino = field[F_INO];
	e->dev_major = field[F_DEVMAJOR];
	e->dev_minor = field[F_DEVMINOR];
	e->mode = field[F_MODE];
	e->uid = field[F_UID];
	e->gid = field[F_GID];
	e->nlink = field[F_NLINK];
	e->mtime = field[F_MTIME];
	e->rdev_major = field[F_RDEVMAJOR];
	e->rdev_minor = field[F_RDEVMINOR];
	e->size = field[F_FILESIZE];
}

/* Skips the zeros behind a trailer; CPIO_ENTRY: another archive begins. */
static enum cpio_result find_archive(struct cpio *c)
{
	u32 pos = c->pos;

	while (pos < c->size && !c->base[pos])
		pos++;
	if (pos == c->size) {
		if (!c->archives)
			return bad(c, "holds no archive");
		c->pos = pos;
		return CPIO_END;
	}
	c->pos = pos;
	if (pos % 4)
		return bad(c, "has an archive at a place that is not aligned");
	c->begun = true;
	return CPIO_ENTRY;
}

/* The header at c->pos, and its name; NULL or what is wrong. */
static const char *read_header(struct cpio *c, u32 *field)
{
	const u8 *header = c->base + c->pos;
	u32 left = c->size - c->pos;

	if (left < HEADER_SIZE)
		return "ends in the middle of a header";
	if (memcmp(header, MAGIC, MAGIC_LEN))
		return "is not a cpio archive of the kind newc";
	if (!parse_header(header, field))
		return "has a header with a bad number";
	if (field[F_NAMESIZE] > left - HEADER_SIZE)
		return "ends in the middle of a name";
	return check_name((const char *)header + HEADER_SIZE,
			  field[F_NAMESIZE]);
}

/* The data behind the name; moves c->pos to the next header. */
static const char *read_data(struct cpio *c, const u32 *field,
			     struct cpio_entry *e)
{
	u32 data = ALIGN_UP(c->pos + HEADER_SIZE + field[F_NAMESIZE], 4u);

	if (data > c->size || field[F_FILESIZE] > c->size - data)
		return "ends in the middle of a file";
	e->data = c->base + data;
	if ((e->mode & TYPE_MASK) == TYPE_LINK && check_target(e))
		return check_target(e);
	data += field[F_FILESIZE];
	c->pos = MIN(ALIGN_UP(data, 4u), c->size);
	return NULL;
}

static enum cpio_result end_archive(struct cpio *c, const u32 *field)
{
	u32 end = c->pos + HEADER_SIZE + field[F_NAMESIZE];

	c->pos = MIN(ALIGN_UP(end, 4u), c->size);
	c->begun = false;
	c->archives++;
	return CPIO_TRAILER;
}

void cpio_begin(struct cpio *c, const void *base, u32 size)
{
	*c = (struct cpio){ .base = base, .size = size };
}

enum cpio_result cpio_next(struct cpio *c, struct cpio_entry *entry)
{
	enum cpio_result res = CPIO_ENTRY;
	u32 field[FIELD_COUNT];
	const char *error;

	if (c->error)
		return CPIO_BAD;
	if (!c->begun)
		res = find_archive(c);
	if (res != CPIO_ENTRY)
		return res;
	error = read_header(c, field);
	if (error)
		return bad(c, error);
	entry->name = (const char *)c->base + c->pos + HEADER_SIZE;
	if (!strcmp(entry->name, "TRAILER!!!"))
		return end_archive(c, field);
	entry->name = strip_name(entry->name);
	fill_entry(entry, field);
	if (!known_type(entry->mode))
		return bad(c, "has a file of an unknown type");
	error = read_data(c, field, entry);
	return error ? bad(c, error) : CPIO_ENTRY;
}
