/* SPDX-License-Identifier: MIT */
/*
 * kernel/exec/elf.c: programs as compilers make them, the same cut off at every
 * byte and with every bit flipped, and random headers. Whatever the parser
 * accepts must keep the promises of elf.h, checked here once more in
 * 64-bit arithmetic.
 */
#include <string.h>

#include <kernel/exec/elf.h>
#include <uapi/elf.h>
#include <uapi/errno.h>

#include "tap.h"

#define NPHDR 6
#define FILE_SIZE 0x9000u

static struct {
	struct elf32_ehdr eh;
	struct elf32_phdr ph[NPHDR];
} good;

static void load(u32 i, u32 offset, u32 vaddr, u32 filesz, u32 memsz, u32 flags)
{
	good.ph[i] = (struct elf32_phdr){
		.p_type = PT_LOAD,
		.p_offset = offset,
		.p_vaddr = vaddr,
		.p_paddr = vaddr,
		.p_filesz = filesz,
		.p_memsz = memsz,
		.p_flags = flags,
		.p_align = 0x1000,
	};
}

/* As `gcc -m32 -static` lays it out; data and text share a page of file. */
static void make_good(void)
{
	memset(&good, 0, sizeof(good));
	memcpy(good.eh.e_ident, "\177ELF\1\1\1", 7);
	good.eh.e_type = ET_EXEC;
	good.eh.e_machine = EM_386;
	good.eh.e_version = EV_CURRENT;
	good.eh.e_entry = 0x08049100;
	good.eh.e_phoff = sizeof(good.eh);
	good.eh.e_ehsize = sizeof(good.eh);
	good.eh.e_phentsize = sizeof(good.ph[0]);
	good.eh.e_phnum = NPHDR;
	load(0, 0, 0x08048000, 0x1f0, 0x1f0, PF_R);
	load(1, 0x1000, 0x08049000, 0x5432, 0x5432, PF_R | PF_X);
	load(2, 0x7000, 0x0804f000, 0xabc, 0xabc, PF_R);
	load(3, 0x7abc, 0x08050abc, 0x444, 0x2000, PF_R | PF_W);
	good.ph[4].p_type = 7; /* of threads: not the kernel's business */
	good.ph[4].p_offset = 0xffffffff;
	good.ph[5].p_type = 0x6474e551; /* PT_GNU_STACK */
}

/* Makes the good one position independent: it begins at VADDR. */
static void make_movable(u32 vaddr)
{
	make_good();
	good.eh.e_type = ET_DYN;
	for (u32 i = 0; i < 4; i++)
		good.ph[i].p_vaddr += vaddr - 0x08048000;
	good.eh.e_entry += vaddr - 0x08048000;
}

/* Runs the parser on exactly LEN bytes, so that a byte more is a fault. */
static int parse(const void *head, u32 len, u32 file_size,
		 struct elf_image *img)
{
	void *copy = malloc(len ? len : 1);
	int err;

	memcpy(copy, head, len);
	memset(img, 0x5a, sizeof(*img));
	err = elf_parse(copy, len, file_size, img);
	free(copy);
	return err;
}

static bool segment_kept(const struct elf_segment *s, u32 file_size)
{
	u64 end = (u64)s->vaddr + s->memsz;

	return (s->vaddr >= 4096 || good.eh.e_type == ET_DYN) &&
	       end <= 0xC0000000u && s->memsz && s->filesz <= s->memsz &&
	       (u64)s->offset + s->filesz <= file_size &&
	       s->vaddr % 4096 == s->offset % 4096 &&
	       !(s->flags & ~(u32)(ELF_R | ELF_W | ELF_X));
}

/* NEXT lies behind S; a page of both holds the same page of the file. */
static bool order_kept(const struct elf_segment *s,
		       const struct elf_segment *next)
{
	u64 end = (u64)s->vaddr + s->memsz;

	if (next->vaddr < end)
		return false;
	if ((end - 1) / 4096 != next->vaddr / 4096)
		return true;
	return s->filesz == s->memsz &&
	       next->vaddr - next->offset == s->vaddr - s->offset;
}

static bool promises_kept(const struct elf_image *img, u32 file_size)
{
	u32 i;

	if (!img->nsegments || img->nsegments > ELF_SEGMENTS_MAX ||
	    img->entry >= 0xC0000000u)
		return false;
	for (i = 0; i < img->nsegments; i++) {
		if (!segment_kept(&img->segment[i], file_size))
			return false;
		if (i && !order_kept(&img->segment[i - 1], &img->segment[i]))
			return false;
	}
	return img->align >= 4096 && !(img->align & (img->align - 1)) &&
	       img->interp_len != 1 && img->interp_len <= 4096 &&
	       img->movable == (good.eh.e_type == ET_DYN);
}

/* What is true of IMG is true of it wherever it is moved to. */
static bool moves(const struct elf_image *img, u32 file_size)
{
	static const u32 bases[] = { 0x1000, 0x00400000, 0x40000000,
				     0xbffff000, 0xfffff000 };
	struct elf_image moved;
	u32 i, span = elf_span(img);
	int err;

	for (i = 0; i < ARRAY_SIZE(bases); i++) {
		moved = *img;
		err = elf_move(&moved, bases[i]);
		if (err && memcmp(&moved, img, sizeof(moved)))
			return false;
		if (err)
			continue;
		if (!promises_kept(&moved, file_size) ||
		    moved.segment[0].vaddr / 4096 * 4096 != bases[i] ||
		    (u64)bases[i] + span > 0xC0000000u ||
		    moved.segment[0].vaddr - img->segment[0].vaddr !=
			    moved.bias)
			return false;
	}
	return true;
}

static bool fine(int err, const struct elf_image *img, u32 file_size)
{
	if (err)
		return err == -ENOEXEC;
	return promises_kept(img, file_size) &&
	       (!img->movable || moves(img, file_size));
}

static void test_good(void)
{
	struct elf_image img;
	const struct elf_segment *s = img.segment;

	make_good();
	ok(parse(&good, sizeof(good), FILE_SIZE, &img) == 0,
	   "a static program is accepted");
	ok(promises_kept(&img, FILE_SIZE) && img.nsegments == 4,
	   "with its 4 segments");
	ok(img.entry == 0x08049100 && img.phnum == NPHDR &&
		   img.phdr == 0x08048034,
	   "entry and program headers");
	ok(s[3].vaddr == 0x08050abc && s[3].offset == 0x7abc &&
		   s[3].filesz == 0x444 && s[3].memsz == 0x2000 &&
		   s[3].flags == (ELF_R | ELF_W),
	   "data and bss");
	ok(!img.movable && !img.interp_len && img.align == 0x1000,
	   "it stays where it is, and asks for no interpreter");
	ok(!img.exec_stack, "its stack holds no code");
	good.ph[5].p_flags |= PF_X;
	parse(&good, sizeof(good), FILE_SIZE, &img);
	ok(img.exec_stack, "code on the stack, if it asks for that");
	good.ph[5].p_type = 7;
	parse(&good, sizeof(good), FILE_SIZE, &img);
	ok(img.exec_stack, "or does not say");
}

static void test_movable(void)
{
	struct elf_image img;
	const struct elf_segment *s = img.segment;

	make_movable(0);
	ok(parse(&good, sizeof(good), FILE_SIZE, &img) == 0 && img.movable &&
		   s[0].vaddr == 0 && img.entry == 0x1100,
	   "a PIE counts from 0");
	ok(elf_span(&img) == 0xb000, "and takes 11 pages");
	ok(elf_move(&img, ELF_DYN_BASE) == 0 &&
		   img.entry == ELF_DYN_BASE + 0x1100 &&
		   s[0].vaddr == ELF_DYN_BASE &&
		   img.phdr == ELF_DYN_BASE + 0x34 && img.bias == ELF_DYN_BASE,
	   "it is moved to its base");
	ok(elf_move(&img, 0x40000000) == 0 && s[0].vaddr == 0x40000000 &&
		   img.bias == 0x40000000,
	   "and once more");
	ok(elf_move(&img, 0xBFFF6000) == -ENOEXEC && s[0].vaddr == 0x40000000,
	   "but not where its end would be in the kernel");
	ok(elf_move(&img, 0xBFFF5000) == 0, "one page lower it fits");
	ok(elf_move(&img, 0) == -ENOEXEC, "and not to page 0");

	make_movable(0x10000);
	good.ph[1].p_align = 0x10000;
	good.ph[2].p_align = 0x30000;
	ok(parse(&good, sizeof(good), FILE_SIZE, &img) == 0 &&
		   img.align == 0x10000,
	   "the largest alignment that is one counts");
	ok(elf_move(&img, 0x40000000) == 0 && s[0].vaddr == 0x40000000 &&
		   img.bias == 0x3fff0000,
	   "its first page is put at the base, whatever it says itself");
}

static void test_interp(void)
{
	struct elf_image img;

	make_good();
	good.ph[5].p_type = PT_INTERP;
	good.ph[5].p_offset = 0x154;
	good.ph[5].p_filesz = 19;
	ok(parse(&good, sizeof(good), FILE_SIZE, &img) == 0 &&
		   img.interp == 0x154 && img.interp_len == 19,
	   "a program names its interpreter");
	good.ph[4] = good.ph[5];
	good.ph[5].p_filesz = 20;
	ok(parse(&good, sizeof(good), FILE_SIZE, &img) == 0 &&
		   img.interp_len == 19,
	   "the first one counts");
	good.ph[4].p_filesz = 4096;
	ok(parse(&good, sizeof(good), FILE_SIZE, &img) == 0,
	   "its path may have 4096 bytes");
	good.ph[4].p_filesz = 4097;
	ok(parse(&good, sizeof(good), FILE_SIZE, &img) == -ENOEXEC,
	   "and not one more");
	good.ph[4].p_filesz = 1;
	ok(parse(&good, sizeof(good), FILE_SIZE, &img) == -ENOEXEC,
	   "nor can it be empty");
}

static void test_cut(void)
{
	struct elf_image img;
	bool refused = true, kept = true;
	u32 len, size;

	make_good();
	for (len = 0; len < sizeof(good); len++)
		refused &= parse(&good, len, len, &img) == -ENOEXEC;
	ok(refused, "cut off within the headers, at any byte: ENOEXEC");
	for (size = 0; size <= FILE_SIZE; size++) {
		int err = parse(&good, sizeof(good), size, &img);

		kept &= fine(err, &img, size) && (err == 0) == (size >= 0x7f00);
	}
	ok(kept, "cut off within the contents, at any byte: ENOEXEC");
}

static void make_fixed(u32 vaddr)
{
	(void)vaddr;
	make_good();
}

static void test_flips(void (*make)(u32), u32 vaddr)
{
	struct elf_image img;
	bool kept = true;
	u32 bit, accepted = 0;
	u8 *bytes = (u8 *)&good;

	for (bit = 0; bit < sizeof(good) * 8; bit++) {
		int err;

		make(vaddr);
		bytes[bit / 8] ^= 1u << bit % 8;
		err = parse(&good, sizeof(good), FILE_SIZE, &img);
		kept &= fine(err, &img, FILE_SIZE);
		accepted += !err;
	}
	ok(kept, "each of %u bits flipped: refused, or all promises kept",
	   (u32)sizeof(good) * 8);
	ok(accepted > 100 && accepted < sizeof(good) * 8 - 100,
	   "%u of them accepted", accepted);
}

static u32 odd_number(void)
{
	static const u32 odd[] = {
		0,	    1,		2,	    0x34,	0xfff,
		0x1000,	    0x1001,	0x7fffffff, 0x80000000, 0xbfffffff,
		0xc0000000, 0xbffff000, 0xffffffff, 0xfffff000, 0x08048000,
		0x08049000, 0x8000,
	};
	u32 pick = rnd_below(ARRAY_SIZE(odd) + 3);

	return pick < ARRAY_SIZE(odd) ? odd[pick] : rnd();
}

static void test_random(void)
{
	struct elf_image img;
	bool kept = true;
	u32 i, accepted = 0;

	for (i = 0; i < 400000; i++) {
		struct elf32_phdr *ph = &good.ph[rnd_below(NPHDR)];
		u32 *field[] = { &ph->p_type,	  &ph->p_offset,
				 &ph->p_vaddr,	  &ph->p_filesz,
				 &ph->p_memsz,	  &good.eh.e_entry,
				 &good.eh.e_phoff };
		int err;

		if (i % 6 == 0)
			make_movable(0);
		else if (i % 3 == 0)
			make_good();
		*field[rnd_below(ARRAY_SIZE(field) - (i % 7 > 0))] =
			odd_number();
		if (i % 97 == 0)
			good.eh.e_phnum = (u16)odd_number();
		err = parse(&good, sizeof(good), FILE_SIZE, &img);
		kept &= fine(err, &img, FILE_SIZE);
		accepted += !err;
	}
	ok(kept, "400,000 odd headers: refused, or all promises kept");
	ok(accepted > 1000, "%u of them accepted", accepted);
}

/* Refused although every field looks plausible. */
static void test_refused(void)
{
	struct elf_image img;
	int err;

#define REFUSED(change, what)                                      \
	do {                                                       \
		make_good();                                       \
		change;                                            \
		err = parse(&good, sizeof(good), FILE_SIZE, &img); \
		ok(err == -ENOEXEC, "refused: " what);             \
	} while (0)
	REFUSED(good.eh.e_ident[4] = 2, "64-bit");
	REFUSED(good.eh.e_ident[5] = 2, "big-endian");
	REFUSED(good.eh.e_machine = 62, "another machine");
	REFUSED(good.eh.e_type = 1, "an object file");
	REFUSED(good.eh.e_phnum = 0, "no program headers");
	REFUSED(good.eh.e_phnum = 0xffff, "65,535 program headers");
	REFUSED(good.eh.e_phentsize = 31, "headers of another size");
	REFUSED(good.eh.e_phoff = ~0u - 3, "a table that wraps");
	REFUSED(good.eh.e_entry = 0xc0000000, "an entry in the kernel");
	REFUSED(good.ph[5].p_type = PT_INTERP, "an interpreter without name");
	REFUSED(good.ph[1].p_vaddr = 0x08048100, "segments that overlap");
	REFUSED(good.ph[1] = good.ph[2];
		good.ph[2] = good.ph[0], "segments in the wrong order");
	REFUSED(good.ph[3].p_memsz = 0xf0000000, "a segment that wraps");
	REFUSED(good.ph[3].p_memsz = 0xb8000000, "a segment into the kernel");
	REFUSED(good.ph[3].p_memsz = 0x443, "memory smaller than file");
	REFUSED(good.ph[0].p_vaddr = 0, "a segment at 0");
	REFUSED(good.ph[2].p_vaddr += 4, "offset and address disagree");
	REFUSED(for (u32 i = 0; i < 4; i++) good.ph[i].p_type = 0,
		"nothing to load");
}

int main(void)
{
	test_good();
	test_movable();
	test_interp();
	test_cut();
	test_flips(make_fixed, 0);
	test_flips(make_movable, 0);
	test_random();
	test_refused();
	return tap_done();
}
