/* SPDX-License-Identifier: MIT */
/*
 * The ELF parser: from the first bytes of a file to a struct elf_image.
 *
 *   file:    [ehdr][phdr ...]   [text      ][data  ]
 *                    |              |           |
 *   memory:          PT_LOAD -> vaddr..      vaddr..filesz|..memsz (zero)
 *
 * The file is hostile until shown otherwise. Checked here: magic, class,
 * byte order, machine, type; that the program headers lie within the head;
 * for each PT_LOAD that offset + filesz lies within the file, vaddr + memsz
 * within user memory, that neither wraps, that offset and address agree
 * within the page, and that the segments ascend without overlap.
 *
 * ET_EXEC says where it wants to be; ET_DYN is put somewhere by elf_move(): a
 * program at ELF_DYN_BASE, an interpreter (PT_INTERP: the dynamic loader of
 * the program) where there is room.
 */
#include <kernel/exec/elf.h>
#include <uapi/elf.h>
#include <uapi/errno.h>

#define USER_START 4096u /* page 0 stays empty */
#define USER_END 0xC0000000u /* TASK_SIZE */
#define PAGE_BYTES 4096u
#define PHDRS_MAX 64u
#define INTERP_MAX 4096u /* PATH_MAX: bytes of a path, with its NUL */

BUILD_ASSERT(ELF_X == PF_X && ELF_W == PF_W && ELF_R == PF_R, "same bits");

static bool header_ok(const struct elf32_ehdr *eh, u32 len)
{
	static const u8 ident[] = {
		0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT,
	};
	u32 i;

	if (len < sizeof(*eh))
		return false;
	for (i = 0; i < sizeof(ident); i++)
		if (eh->e_ident[i] != ident[i])
			return false;
	return eh->e_machine == EM_386 && eh->e_version == EV_CURRENT &&
	       (eh->e_type == ET_EXEC || eh->e_type == ET_DYN);
}

/* The table of program headers, or NULL if it is not all in the head. */
static const struct elf32_phdr *find_phdrs(const struct elf32_ehdr *eh, u32 len)
{
	u32 size = eh->e_phnum * sizeof(struct elf32_phdr);

	if (eh->e_phentsize != sizeof(struct elf32_phdr) || !eh->e_phnum ||
	    eh->e_phnum > PHDRS_MAX)
		return NULL;
	if (eh->e_phoff % 4 || eh->e_phoff > len || size > len - eh->e_phoff)
		return NULL;
	return (const void *)((const char *)eh + eh->e_phoff);
}

/* Of a PT_LOAD by itself. */
static bool segment_ok(const struct elf32_phdr *ph, u32 file_size)
{
	if (ph->p_filesz > ph->p_memsz)
		return false;
	if (ph->p_offset > file_size || ph->p_filesz > file_size - ph->p_offset)
		return false;
	return (ph->p_vaddr - ph->p_offset) % PAGE_BYTES == 0;
}

static bool in_user_memory(const struct elf_segment *seg, bool movable)
{
	return (movable || seg->vaddr >= USER_START) &&
	       seg->vaddr < USER_END && seg->memsz <= USER_END - seg->vaddr;
}

/* SEG comes after PREV, and in a page of its own or in one that holds the
 * same part of the file for both. */
static bool follows(const struct elf_segment *seg,
		    const struct elf_segment *prev)
{
	u32 end = prev->vaddr + prev->memsz;

	if (seg->vaddr < end)
		return false;
	if (seg->vaddr / PAGE_BYTES != (end - 1) / PAGE_BYTES)
		return true;
	return prev->memsz == prev->filesz && seg->filesz &&
	       seg->vaddr - seg->offset == prev->vaddr - prev->offset;
}

/* The largest alignment any segment asks for. */
static void note_align(struct elf_image *img, u32 align)
{
	if (!(align & (align - 1)) && align > img->align)
		img->align = align;
}

static int add_segment(struct elf_image *img, const struct elf32_phdr *ph,
		       u32 file_size)
{
	struct elf_segment *seg = &img->segment[img->nsegments];

	if (!segment_ok(ph, file_size))
		return -ENOEXEC;
	if (!ph->p_memsz)
		return 0;
	if (img->nsegments == ELF_SEGMENTS_MAX || ph->p_vaddr > USER_END)
		return -ENOEXEC;
	*seg = (struct elf_segment){
		.vaddr = ph->p_vaddr,
		.filesz = ph->p_filesz,
		.memsz = ph->p_memsz,
		.offset = ph->p_offset,
		.flags = ph->p_flags & (ELF_R | ELF_W | ELF_X),
	};
	if (!in_user_memory(seg, img->movable))
		return -ENOEXEC;
	if (img->nsegments && !follows(seg, seg - 1))
		return -ENOEXEC;
	img->nsegments++;
	note_align(img, ph->p_align);
	return 0;
}

/* The first one counts. */
static int add_interp(struct elf_image *img, const struct elf32_phdr *ph)
{
	if (img->interp_len)
		return 0;
	if (ph->p_filesz < 2 || ph->p_filesz > INTERP_MAX)
		return -ENOEXEC;
	img->interp = ph->p_offset;
	img->interp_len = ph->p_filesz;
	return 0;
}

/* Where the program headers will be found in memory. */
static u32 phdr_address(const struct elf_image *img, u32 phoff, u32 size)
{
	const struct elf_segment *seg = img->segment;
	u32 i;

	for (i = 0; i < img->nsegments; i++, seg++)
		if (phoff >= seg->offset && size <= seg->filesz &&
		    phoff - seg->offset <= seg->filesz - size)
			return seg->vaddr + (phoff - seg->offset);
	return 0;
}

int elf_parse(const void *head, u32 len, u32 file_size, struct elf_image *img)
{
	const struct elf32_ehdr *eh = head;
	const struct elf32_phdr *ph;
	int err = 0;
	u32 i;

	if (!header_ok(eh, len))
		return -ENOEXEC;
	ph = find_phdrs(eh, len);
	if (!ph)
		return -ENOEXEC;
	img->movable = eh->e_type == ET_DYN;
	img->align = PAGE_BYTES;
	img->bias = img->nsegments = 0;
	img->interp = img->interp_len = 0;
	img->exec_stack = true;
	for (i = 0; i < eh->e_phnum && !err; i++)
		if (ph[i].p_type == PT_GNU_STACK)
			img->exec_stack = ph[i].p_flags & ELF_X;
		else if (ph[i].p_type == PT_INTERP)
			err = add_interp(img, &ph[i]);
		else if (ph[i].p_type == PT_LOAD)
			err = add_segment(img, &ph[i], file_size);
	if (err || !img->nsegments)
		return -ENOEXEC;

	img->entry = eh->e_entry;
	img->phnum = eh->e_phnum;
	img->phdr = phdr_address(img, eh->e_phoff,
				 eh->e_phnum * sizeof(*ph));
	return img->entry < USER_END ? 0 : -ENOEXEC;
}

/* The first byte of the first page. */
static u32 first_page(const struct elf_image *img)
{
	return img->segment[0].vaddr & ~(PAGE_BYTES - 1);
}

u32 elf_span(const struct elf_image *img)
{
	const struct elf_segment *last = &img->segment[img->nsegments - 1];

	return ALIGN_UP(last->vaddr + last->memsz, PAGE_BYTES) -
	       first_page(img);
}

int elf_move(struct elf_image *img, u32 base)
{
	u32 by = base - first_page(img), i;

	if (base < USER_START || base > USER_END ||
	    elf_span(img) > USER_END - base || img->entry + by >= USER_END)
		return -ENOEXEC;
	for (i = 0; i < img->nsegments; i++)
		img->segment[i].vaddr += by;
	img->entry += by;
	img->bias += by;
	if (img->phdr)
		img->phdr += by;
	return 0;
}
