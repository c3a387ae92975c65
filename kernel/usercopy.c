/* SPDX-License-Identifier: MIT */
/*
 * Copies between kernel and user memory, and the table of instructions that
 * may fault.
 *
 *   rep movsl faults on a user page --> do_page_fault()
 *       page can be brought in: the instruction goes on where it was
 *       it cannot: fixup_exception() --> the fixup code beside the copy,
 *       which counts what is left and returns that
 *
 * INV-UC1 the user side of every access lies below TASK_SIZE: longer ranges
 *         are cut there first, and the cut-off part counts as not copied.
 * INV-UC2 no lock from mmap_sem on is held, since the fault takes it.
 *
 * May sleep: the fault may wait for memory or a disk.
 */
#include <kernel/internal.h>
#include <kernel/panic.h>
#include <kernel/trace/stage.h>
#include <kernel/usercopy.h>
#include <mm/page.h>
#include <uapi/errno.h>

bool fixup_exception(struct trap_frame *frame)
{
	const struct ex_entry *entry;

	for (entry = __ex_table_start; entry < __ex_table_end; entry++) {
		if (entry->insn != frame->eip)
			continue;
		frame->eip = entry->fixup;
		return true;
	}
	return false;
}

static inline void assert_may_copy(void)
{
	may_sleep(SLEEP_user_copy);
	ASSERT(!holds_from(LOCK_MMAP));
}

/* How many of the LEN bytes from ADDR on are user addresses. */
static inline u32 user_part(const void *addr, u32 len)
{
	u32 start = (u32)addr;

	if (start >= TASK_SIZE)
		return 0;
	return MIN(len, TASK_SIZE - start);
}

/*
 * Words, then the rest as bytes. When a word cannot be copied the bytes up
 * to the unreadable page still can: the fixup of 1 tries on with bytes.
 * Returns the number of bytes not copied.
 */
static u32 copy_faultable(void *dst, const void *src, u32 len)
{
	u32 left = len / 4, tail = len % 4;

	asm volatile("1:	rep movsl\n\t"
		     "movl %[tail], %%ecx\n"
		     "2:	rep movsb\n"
		     "3:\n\t"
		     ".subsection 1\n"
		     "4:	leal (%[tail], %%ecx, 4), %%ecx\n\t"
		     "jmp 2b\n\t"
		     ".previous\n\t"
		     EX_TABLE("1b", "4b")
		     EX_TABLE("2b", "3b")
		     : "+c"(left), "+D"(dst), "+S"(src)
		     : [tail] "r"(tail)
		     : "memory");
	return left;
}

/* The same, storing zeros. */
static u32 clear_faultable(void *dst, u32 len)
{
	u32 left = len / 4, tail = len % 4;

	asm volatile("1:	rep stosl\n\t"
		     "movl %[tail], %%ecx\n"
		     "2:	rep stosb\n"
		     "3:\n\t"
		     ".subsection 1\n"
		     "4:	leal (%[tail], %%ecx, 4), %%ecx\n\t"
		     "jmp 2b\n\t"
		     ".previous\n\t"
		     EX_TABLE("1b", "4b")
		     EX_TABLE("2b", "3b")
		     : "+c"(left), "+D"(dst)
		     : "a"(0), [tail] "r"(tail)
		     : "memory");
	return left;
}

u32 copy_from_user(void *dst, const void *user_src, u32 len)
{
	u32 part = user_part(user_src, len);

	assert_may_copy();
	return len - part + copy_faultable(dst, user_src, part);
}

u32 copy_to_user(void *user_dst, const void *src, u32 len)
{
	u32 part = user_part(user_dst, len);

	assert_may_copy();
	return len - part + copy_faultable(user_dst, src, part);
}

u32 clear_user(void *user_dst, u32 len)
{
	u32 part = user_part(user_dst, len);

	assert_may_copy();
	return len - part + clear_faultable(user_dst, part);
}

int get_user_u32(u32 *val, const void *user_src)
{
	int err = 0;
	u32 word = 0;

	assert_may_copy();
	if (user_part(user_src, sizeof(*val)) < sizeof(*val))
		return -EFAULT;
	asm volatile("1:	movl (%[src]), %[word]\n"
		     "2:\n\t"
		     ".subsection 1\n"
		     "3:	movl %[fault], %[err]\n\t"
		     "jmp 2b\n\t"
		     ".previous\n\t"
		     EX_TABLE("1b", "3b")
		     : [err] "+r"(err), [word] "+r"(word)
		     : [src] "r"(user_src), [fault] "i"(-EFAULT)
		     : "memory");
	*val = word;
	return err;
}

int put_user_u32(u32 val, void *user_dst)
{
	int err = 0;

	assert_may_copy();
	if (user_part(user_dst, sizeof(val)) < sizeof(val))
		return -EFAULT;
	asm volatile("1:	movl %[val], (%[dst])\n"
		     "2:\n\t"
		     ".subsection 1\n"
		     "3:	movl %[fault], %[err]\n\t"
		     "jmp 2b\n\t"
		     ".previous\n\t"
		     EX_TABLE("1b", "3b")
		     : [err] "+r"(err)
		     : [val] "r"(val), [dst] "r"(user_dst),
		       [fault] "i"(-EFAULT)
		     : "memory");
	return err;
}

/* Copies up to and with the NUL, at most LEN bytes; sets *FAULT if it met an
 * unreadable byte. Returns the number of bytes copied without the NUL. */
static u32 copy_string_faultable(char *dst, const char *src, u32 len,
				 bool *fault)
{
	const char *start = src;
	u32 byte = 0, bad = 0;

	asm volatile("jmp 3f\n"
		     "1:	movb (%[src]), %b[byte]\n\t"
		     "movb %b[byte], (%[dst])\n\t"
		     "testb %b[byte], %b[byte]\n\t"
		     "jz 4f\n\t"
		     "incl %[src]\n\t"
		     "incl %[dst]\n\t"
		     "decl %[len]\n"
		     "3:	testl %[len], %[len]\n\t"
		     "jnz 1b\n"
		     "4:\n\t"
		     ".subsection 1\n"
		     "5:	incl %[bad]\n\t"
		     "jmp 4b\n\t"
		     ".previous\n\t"
		     EX_TABLE("1b", "5b")
		     : [src] "+r"(src), [dst] "+r"(dst), [len] "+r"(len),
		       [byte] "+q"(byte), [bad] "+m"(bad)
		     :
		     : "memory");
	*fault = bad;
	return src - start;
}

long strncpy_from_user(char *dst, const char *user_src, u32 size)
{
	u32 part = user_part(user_src, size), n;
	bool fault;

	assert_may_copy();
	n = copy_string_faultable(dst, user_src, part, &fault);
	if (fault || (n == part && part < size))
		return -EFAULT;
	return n;
}
