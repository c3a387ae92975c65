/* SPDX-License-Identifier: MIT */
/*
 * What the boot loader says, copied into boot_info before anything can
 * overwrite it: its structures lie wherever it liked (0x7c00, 0x9500,
 * behind the last module...).
 *
 *   GRUB   command line: words only        loader name "GRUB 2.06.."
 *   QEMU   kernel path, then the words     loader name "qemu"
 *   v86    words; no module strings        no loader name, no mem_upper
 *
 * INV-MB1 boot_info.range[] holds what the loader's map says, clipped to
 *         4 GiB, in its order; ranges may overlap.
 * INV-MB2 every module lies in usable memory that the direct map covers.
 *
 * Runs once, on boot_pgd, which maps 896 MiB. See boot/multiboot.h.
 */
#include <boot/boot_info.h>
#include <boot/multiboot.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <lib/string.h>
#include <mm/page.h>

#define MIN_RAM (4u << 20)

struct boot_info boot_info;

/* The N bytes at PADDR, for WHAT; panics where boot_pgd does not reach. */
static const void *boot_ptr(paddr_t paddr, u32 n, const char *what)
{
	if (paddr > DIRECT_MAP_MAX || n > DIRECT_MAP_MAX - paddr)
		panic("the boot loader's %s lies at %08x, out of reach", what,
		      paddr);
	return paddr_to_kva(paddr);
}

/* A text of the loader's; "" when it gave none. */
static const char *boot_text(paddr_t paddr)
{
	return paddr ? boot_ptr(paddr, BOOT_CMDLINE, "text") : "";
}

static void add_range(const struct multiboot_mmap *entry)
{
	struct boot_range *range = &boot_info.range[boot_info.nranges];
	u64 end = entry->addr + entry->len;

	if (boot_info.nranges == BOOT_MAX_RANGES || end < entry->addr ||
	    entry->addr >> 32 || !entry->len)
		return;
	range->start = entry->addr;
	range->end = MIN(end, 1ull << 32);
	range->usable = entry->type == MULTIBOOT_RAM;
	boot_info.nranges++;
}

static void parse_mmap(const struct multiboot_info *mbi)
{
	const char *pos, *end;

	if (!(mbi->flags & MULTIBOOT_MMAP) || !mbi->mmap_length)
		panic("the boot loader gave no memory map");
	pos = boot_ptr(mbi->mmap_addr, mbi->mmap_length, "memory map");
	end = pos + mbi->mmap_length;
	while (pos + sizeof(struct multiboot_mmap) <= end) {
		const struct multiboot_mmap *entry = (const void *)pos;

		add_range(entry);
		pos += entry->size + sizeof(entry->size);
	}
}

/* Bytes of RAM. Loaders do not report a byte twice. */
static u64 usable_ram(void)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < boot_info.nranges; i++)
		if (boot_info.range[i].usable)
			sum += boot_info.range[i].end -
			       boot_info.range[i].start;
	return sum;
}

static void check_ram(void)
{
	u64 ram = usable_ram();

	if (ram < MIN_RAM)
		panic("%u KiB of RAM is too little: at least %u are needed",
		      (u32)(ram >> 10), MIN_RAM >> 10);
}

/* Is [START, END) RAM, one range after another? */
static bool all_usable(u64 start, u64 end)
{
	u32 i = 0;

	while (i < boot_info.nranges && start < end) {
		const struct boot_range *range = &boot_info.range[i++];

		if (range->usable && range->start <= start &&
		    range->end > start) {
			start = range->end;
			i = 0;
		}
	}
	return start >= end;
}

static void add_module(const struct multiboot_module *module)
{
	u32 n = boot_info.nmodules;

	if (module->mod_end < module->mod_start ||
	    !all_usable(module->mod_start, module->mod_end))
		panic("module %u (%08x-%08x) does not fit into RAM, "
		      "%u KiB in all",
		      n, module->mod_start, module->mod_end,
		      (u32)(usable_ram() >> 10));
	if (module->mod_end > DIRECT_MAP_MAX)
		panic("module %u (%08x-%08x) lies above 896 MiB", n,
		      module->mod_start, module->mod_end);
	boot_info.module[n].start = module->mod_start;
	boot_info.module[n].end = module->mod_end;
	boot_info.nmodules++;
}

static void parse_modules(const struct multiboot_info *mbi)
{
	const struct multiboot_module *module;
	u32 i;

	if (!(mbi->flags & MULTIBOOT_MODULES) || !mbi->mods_count)
		return;
	if (mbi->mods_count > BOOT_MAX_MODULES)
		panic("%u modules are more than the %u there is room for",
		      mbi->mods_count, BOOT_MAX_MODULES);
	module = boot_ptr(mbi->mods_addr, mbi->mods_count * sizeof(*module),
			  "list of modules");
	for (i = 0; i < mbi->mods_count; i++)
		add_module(&module[i]);
}

/* The words of the command line; QEMU and others put the kernel's path
 * before them. */
static const char *skip_kernel_path(const char *text, const char *loader)
{
	if (strncmp(loader, "qemu", 4) != 0 && *text != '/')
		return text;
	while (*text && *text != ' ')
		text++;
	while (*text == ' ')
		text++;
	return text;
}

static void parse_cmdline(const struct multiboot_info *mbi)
{
	const char *text = "", *loader = "";

	if (mbi->flags & MULTIBOOT_CMDLINE)
		text = boot_text(mbi->cmdline);
	if (mbi->flags & MULTIBOOT_LOADER)
		loader = boot_text(mbi->boot_loader_name);
	text = skip_kernel_path(text, loader);
	strlcpy(boot_info.cmdline, text, sizeof(boot_info.cmdline));
}

void multiboot_parse(u32 magic, paddr_t mbi)
{
	const struct multiboot_info *info;

	if (magic != MULTIBOOT_MAGIC)
		panic("not started by a multiboot loader (eax was %08x)",
		      magic);
	info = boot_ptr(mbi, sizeof(*info), "information");
	parse_cmdline(info);
	parse_mmap(info);
	check_ram();
	parse_modules(info);
}

/* The word at *POS without blanks before it, its length in *LEN; moves *POS
 * behind it. NULL at the end and at "--". */
static const char *next_word(const char **pos, u32 *len)
{
	const char *word = *pos;

	while (*word == ' ')
		word++;
	*pos = word;
	while (**pos && **pos != ' ')
		(*pos)++;
	*len = *pos - word;
	if (*len == 0 || (*len == 2 && strncmp(word, "--", 2) == 0))
		return NULL;
	return word;
}

bool cmdline_get(const char *key, char *buf, u32 size)
{
	const char *pos = boot_info.cmdline, *word;
	u32 len, klen = strlen(key);
	bool found = false;

	while ((word = next_word(&pos, &len))) {
		if (len < klen || strncmp(word, key, klen) != 0)
			continue;
		if (len > klen && word[klen] != '=')
			continue;
		word += MIN(len, klen + 1);
		strlcpy(buf, word, MIN(size, (u32)(pos - word) + 1));
		found = true;
	}
	return found;
}

void cmdline_refuse(const char *key, const char *value)
{
	printk("boot: %s=%s: it cannot be that, the word is left out\n", key,
	       value);
}

/* The keys of the kernel, then those of the first process. */
static const char *const known_keys[] = {
	"com3", "console", "delay", "ide", "ide_timeout", "swap_policy",
	"trace",
	"console.eof", "selftest", "swap",
};

static bool is_known(const char *word, u32 len)
{
	u32 i, klen;

	for (i = 0; i < ARRAY_SIZE(known_keys); i++) {
		klen = strlen(known_keys[i]);
		if (len < klen || strncmp(word, known_keys[i], klen) != 0)
			continue;
		if (len == klen || word[klen] == '=')
			return true;
	}
	return false;
}

void cmdline_check(void)
{
	const char *pos = boot_info.cmdline, *word;
	u32 len;

	while ((word = next_word(&pos, &len)))
		if (!is_known(word, len))
			printk("boot: the word %.*s means nothing to the "
			       "kernel\n", (int)len, word);
}

const char *cmdline_init_args(void)
{
	const char *pos = boot_info.cmdline;
	u32 len;

	while (next_word(&pos, &len))
		;
	while (*pos == ' ')
		pos++;
	return pos;
}
