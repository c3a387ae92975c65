/* SPDX-License-Identifier: MIT */
/*
 * The first stack of a program (System V i386 ABI, "process initialization").
 *
 *   STACK_TOP  0 word
 *              "name\0"                      AT_EXECFN
 *              "HOME=/\0" "TERM=linux\0"     strings of envp
 *              "ls\0" "-l\0"                 strings of argv
 *              16 random bytes               AT_RANDOM
 *              "i686\0"                      AT_PLATFORM
 *              (gap, so that esp is a multiple of 16)
 *              AT_NULL 0 ... type value      auxiliary vector
 *              NULL, pointers to envp
 *              NULL, pointers to argv
 *   esp ->     argc
 *
 * The strings are collected into kernel pages first, in the order in which
 * they stand here, because the memory they come from goes away.
 */
#include <kernel/exec/exec.h>
#include <kernel/random.h>
#include <kernel/task.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <mm/mm.h>
#include <uapi/elf.h>
#include <uapi/errno.h>
#include <x86/cpu.h>

#define STACK_ALIGN 16u
#define RANDOM_BYTES 16u
#define PLATFORM "i686"
#define AUXV_MAX 20u /* pairs, with AT_NULL */

/* --- strings ------------------------------------------------------------ */

/* The place for the next byte and, in *ROOM, how many fit behind it. */
static int string_place(struct exec_strings *s, char **place, u32 *room)
{
	u32 i = s->len / PAGE_SIZE;

	if (i >= EXEC_STRING_PAGES)
		return -E2BIG;
	if (!s->page[i])
		s->page[i] = alloc_page(GFP_KERNEL);
	if (!s->page[i])
		return -ENOMEM;
	*place = (char *)page_kva(s->page[i]) + s->len % PAGE_SIZE;
	*room = PAGE_SIZE - s->len % PAGE_SIZE;
	return 0;
}

int exec_strings_add(struct exec_strings *s, const char *string)
{
	u32 left = strlen(string) + 1, room;
	char *place;
	int err;

	while (left) {
		err = string_place(s, &place, &room);
		if (err)
			return err;
		room = MIN(room, left);
		memcpy(place, string, room);
		string += room;
		s->len += room;
		left -= room;
	}
	return 0;
}

static int add_user_string(struct exec_strings *s, const char *string)
{
	char *place;
	long copied;
	u32 room;
	int err;

	for (;;) {
		err = string_place(s, &place, &room);
		if (err)
			return err;
		copied = strncpy_from_user(place, string, room);
		if (copied < 0)
			return copied;
		if ((u32)copied < room)
			break;
		s->len += room;
		string += room;
	}
	s->len += copied + 1;
	return 0;
}

/* The string VEC[I], NULL at the end. */
static int vector_get(const struct exec_vector *vec, u32 i, const char **string)
{
	u32 word;
	int err;

	if (vec->kernel) {
		*string = vec->strings[i];
		return 0;
	}
	err = get_user_u32(&word, &vec->strings[i]);
	*string = (const char *)word;
	return err;
}

int exec_strings_add_vector(struct exec_strings *s,
			    const struct exec_vector *vec, u32 skip, u32 *count)
{
	const char *string;
	int err = 0;
	u32 i;

	for (i = 0; vec->strings && !err; i++) {
		err = vector_get(vec, i, &string);
		if (err || !string)
			return err;
		if (i < skip)
			continue;
		err = vec->kernel ? exec_strings_add(s, string) :
				    add_user_string(s, string);
		++*count;
		if ((s->argc + s->envc) * 4 + s->len > EXEC_STRINGS_MAX)
			return -E2BIG;
	}
	return err;
}

void exec_strings_free(struct exec_strings *s)
{
	u32 i;

	for (i = 0; i < EXEC_STRING_PAGES && s->page[i]; i++)
		free_page(s->page[i]);
}

/* --- the stack ---------------------------------------------------------- */

/* Addresses of the parts, from the strings down. */
struct layout {
	u32 strings, random, platform, esp;
};

static void compute_layout(struct layout *lay, const struct exec_strings *s)
{
	u32 words = 1 + s->argc + 1 + s->envc + 1 + 2 * AUXV_MAX;

	lay->strings = STACK_TOP - sizeof(u32) - s->len;
	lay->random = ALIGN_DOWN(lay->strings - RANDOM_BYTES, STACK_ALIGN);
	lay->platform = lay->random - ALIGN_UP(sizeof(PLATFORM), STACK_ALIGN);
	lay->esp = ALIGN_DOWN(lay->platform - words * 4, STACK_ALIGN);
}

u32 exec_stack_size(const struct exec_strings *s)
{
	struct layout lay;

	compute_layout(&lay, s);
	return STACK_TOP - lay.esp;
}

/* Writes words upwards; after a fault it only counts. */
struct word_writer {
	u32 at; /* user address of the next word */
	bool failed;
};

static void put_word(struct word_writer *w, u32 val)
{
	if (put_user_u32(val, (void *)w->at))
		w->failed = true;
	w->at += sizeof(val);
}

static void put_aux(struct word_writer *w, u32 type, u32 val)
{
	put_word(w, type);
	put_word(w, val);
}

/* Behind the NUL of the string at POS. */
static u32 next_string(const struct exec_strings *s, u32 pos)
{
	const char *page;

	do {
		page = page_kva(s->page[pos / PAGE_SIZE]);
	} while (page[pos++ % PAGE_SIZE]);
	return pos;
}

/* COUNT pointers to the strings from POS on, and NULL. */
static void put_pointers(struct word_writer *w, const struct exec_strings *s,
			 const struct layout *lay, u32 pos, u32 count)
{
	for (; count; count--) {
		put_word(w, lay->strings + pos);
		pos = next_string(s, pos);
	}
	put_word(w, 0);
}

static u32 cpu_features(void)
{
	u32 a, b, c, d;

	cpuid(1, &a, &b, &c, &d);
	return d;
}

static void put_auxv(struct word_writer *w, const struct layout *lay,
		     const struct exec_strings *s,
		     const struct exec_facts *facts)
{
	const struct cred *cred = &current->cred;

	if (facts->elf->phdr) {
		put_aux(w, AT_PHDR, facts->elf->phdr);
		put_aux(w, AT_PHENT, sizeof(struct elf32_phdr));
		put_aux(w, AT_PHNUM, facts->elf->phnum);
	}
	put_aux(w, AT_PAGESZ, PAGE_SIZE);
	put_aux(w, AT_BASE, facts->interp_base);
	put_aux(w, AT_FLAGS, 0);
	put_aux(w, AT_ENTRY, facts->elf->entry);
	put_aux(w, AT_UID, cred->uid);
	put_aux(w, AT_EUID, cred->euid);
	put_aux(w, AT_GID, cred->gid);
	put_aux(w, AT_EGID, cred->egid);
	put_aux(w, AT_SECURE, facts->secure);
	put_aux(w, AT_RANDOM, lay->random);
	put_aux(w, AT_HWCAP, cpu_features());
	put_aux(w, AT_CLKTCK, HZ);
	put_aux(w, AT_PLATFORM, lay->platform);
	put_aux(w, AT_EXECFN, lay->strings + s->name_at);
	put_aux(w, AT_NULL, 0);
}

/* 0 or -EFAULT. */
static int put_strings(const struct layout *lay, const struct exec_strings *s)
{
	u32 pos, len;

	for (pos = 0; pos < s->len; pos += len) {
		len = MIN(s->len - pos, PAGE_SIZE);
		if (copy_to_user((void *)(lay->strings + pos),
				 page_kva(s->page[pos / PAGE_SIZE]), len))
			return -EFAULT;
	}
	return 0;
}

/* 0 or -EFAULT. */
static int put_random(const struct layout *lay)
{
	u8 bytes[RANDOM_BYTES];

	get_random_bytes(bytes, sizeof(bytes));
	if (copy_to_user((void *)lay->random, bytes, sizeof(bytes)))
		return -EFAULT;
	if (copy_to_user((void *)lay->platform, PLATFORM, sizeof(PLATFORM)))
		return -EFAULT;
	return 0;
}

u32 exec_stack_build(struct mm_struct *mm, const struct exec_strings *s,
		     const struct exec_facts *facts)
{
	struct word_writer w = { .failed = false };
	struct layout lay;

	compute_layout(&lay, s);
	if (put_strings(&lay, s) || put_random(&lay))
		return 0;
	w.at = lay.esp;
	put_word(&w, s->argc);
	put_pointers(&w, s, &lay, 0, s->argc);
	put_pointers(&w, s, &lay, s->env_at, s->envc);
	put_auxv(&w, &lay, s, facts);

	mm->start_stack = lay.esp;
	mm->arg_start = lay.strings;
	mm->arg_end = mm->env_start = lay.strings + s->env_at;
	mm->env_end = lay.strings + s->name_at;
	return w.failed ? 0 : lay.esp;
}
