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
 * Accepted: ET_EXEC, and ET_DYN without an interpreter (static PIE), which
 * is put at ELF_DYN_BASE.
 */
#include <kernel/elf.h>
#include <uapi/elf.h>
#include <uapi/errno.h>

#define USER_START 4096u /* page 0 stays empty */
#define USER_END 0xC0000000u /* TASK_SIZE */
#define PAGE_BYTES 4096u
#define PHDRS_MAX 64u

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

/* Of a PT_LOAD by itself, BASE not yet added. */
static bool segment_ok(const struct elf32_phdr *ph, u32 file_size)
{
	if (ph->p_filesz > ph->p_memsz)
		return false;
	if (ph->p_offset > file_size || ph->p_filesz > file_size - ph->p_offset)
		return false;
	return (ph->p_vaddr - ph->p_offset) % PAGE_BYTES == 0;
}

static bool in_user_memory(const struct elf_segment *seg)
{
	return seg->vaddr >= USER_START && seg->vaddr < USER_END &&
	       seg->memsz <= USER_END - seg->vaddr;
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

static int add_segment(struct elf_image *img, const struct elf32_phdr *ph,
		       u32 file_size, u32 base)
{
	struct elf_segment *seg = &img->segment[img->nsegments];

	if (!segment_ok(ph, file_size))
		return -ENOEXEC;
	if (!ph->p_memsz)
		return 0;
	if (img->nsegments == ELF_SEGMENTS_MAX || ph->p_vaddr > USER_END)
		return -ENOEXEC;
	*seg = (struct elf_segment){
		.vaddr = ph->p_vaddr + base,
		.filesz = ph->p_filesz,
		.memsz = ph->p_memsz,
		.offset = ph->p_offset,
		.flags = ph->p_flags & (ELF_R | ELF_W | ELF_X),
	};
	if (!in_user_memory(seg))
		return -ENOEXEC;
	if (img->nsegments && !follows(seg, seg - 1))
		return -ENOEXEC;
	img->nsegments++;
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
	u32 base, i;
	int err = 0;

	if (!header_ok(eh, len))
		return -ENOEXEC;
	ph = find_phdrs(eh, len);
	if (!ph)
		return -ENOEXEC;
	base = eh->e_type == ET_DYN ? ELF_DYN_BASE : 0;

	img->nsegments = 0;
	for (i = 0; i < eh->e_phnum && !err; i++)
		if (ph[i].p_type == PT_INTERP)
			err = -ENOEXEC;
		else if (ph[i].p_type == PT_LOAD)
			err = add_segment(img, &ph[i], file_size, base);
	if (err || !img->nsegments)
		return -ENOEXEC;

	img->entry = eh->e_entry + base;
	img->phnum = eh->e_phnum;
	img->phdr = phdr_address(img, eh->e_phoff,
				 eh->e_phnum * sizeof(*ph));
	return img->entry < USER_END ? 0 : -ENOEXEC;
}
