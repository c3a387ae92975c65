/* SPDX-License-Identifier: MIT */
/*
 * insncount - QEMU plugin (plugin API 1, QEMU 7.2): counts the guest
 * instructions really executed, and writes the count down whenever the guest
 * runs one of shmbench's mark instructions (nopl 0x5b4dNNNN(%eax)).
 *
 * Why: with -icount ...,sleep=off the guest's clock and rdtsc jump ahead
 * while the CPU is halted, so rdtsc is an instruction count only over
 * stretches without a halt.  This counter never includes idle time.
 *
 * Log lines: "mark N total kernel rep", kernel being what ran at or above
 * 0xc0000000 (kbase=ADDRESS to change that), rep how many of the total were
 * iterations of rep-prefixed string instructions; at the end "mark end ...".
 *
 * Build: gcc -O2 -shared -fPIC -o insncount.so insncount.c
 * Use:   -plugin file=insncount.so,log=FILE
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* the part of the plugin interface that is used here */
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*udata_cb)(unsigned vcpu, void *udata);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
extern struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
extern const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
extern size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
extern void qemu_plugin_register_vcpu_insn_exec_inline(
	struct qemu_plugin_insn *, int op, void *ptr, uint64_t imm);
extern void qemu_plugin_register_vcpu_insn_exec_cb(
	struct qemu_plugin_insn *, udata_cb, int flags, void *udata);
extern void qemu_plugin_register_vcpu_tb_trans_cb(
	uint64_t id, void (*)(uint64_t, struct qemu_plugin_tb *));
extern void qemu_plugin_register_atexit_cb(
	uint64_t id, void (*)(uint64_t, void *), void *);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

static uint64_t total, kernel, rep, kbase = 0xc0000000;
static FILE *out;

static void at_mark(unsigned vcpu, void *u)
{
	(void)vcpu;
	fprintf(out, "mark %u %llu %llu %llu\n", (unsigned)(uintptr_t)u,
		(unsigned long long)total, (unsigned long long)kernel,
		(unsigned long long)rep);
	fflush(out);
}

static int is_rep_string(const unsigned char *d, size_t n)
{
	int pfx = 0;

	while (n > 1 && (*d == 0xf2 || *d == 0xf3 || *d == 0x66 || *d == 0x67
			 || *d == 0x26 || *d == 0x2e || *d == 0x36
			 || *d == 0x3e || *d == 0x64 || *d == 0x65)) {
		pfx |= *d == 0xf2 || *d == 0xf3;
		d++, n--;
	}
	return pfx && ((*d >= 0x6c && *d <= 0x6f) || (*d >= 0xa4 && *d <= 0xa7)
		       || (*d >= 0xaa && *d <= 0xaf));
}

static void trans(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *in = qemu_plugin_tb_get_insn(tb, i);
		const unsigned char *d = qemu_plugin_insn_data(in);
		uint32_t imm;

		qemu_plugin_register_vcpu_insn_exec_inline(in, 0, &total, 1);
		if (qemu_plugin_insn_vaddr(in) >= kbase)
			qemu_plugin_register_vcpu_insn_exec_inline(in, 0,
								   &kernel, 1);
		if (is_rep_string(d, qemu_plugin_insn_size(in)))
			qemu_plugin_register_vcpu_insn_exec_inline(in, 0,
								   &rep, 1);
		if (qemu_plugin_insn_size(in) != 7 || d[0] != 0x0f
		    || d[1] != 0x1f || d[2] != 0x80)
			continue;
		memcpy(&imm, d + 3, 4);
		if (imm >> 16 == 0x5b4d)
			qemu_plugin_register_vcpu_insn_exec_cb(in, at_mark, 0,
				(void *)(uintptr_t)(imm & 0xffff));
	}
}

static void at_end(uint64_t id, void *u)
{
	(void)id, (void)u;
	fprintf(out, "mark end %llu %llu %llu\n", (unsigned long long)total,
		(unsigned long long)kernel, (unsigned long long)rep);
	fclose(out);
}

__attribute__((visibility("default")))
int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	(void)info;
	out = stderr;
	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "log=", 4)) {
			out = fopen(argv[i] + 4, "w");
			if (!out)
				return 1;
		} else if (!strncmp(argv[i], "kbase=", 6)) {
			kbase = strtoull(argv[i] + 6, 0, 0);
		}
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, trans);
	qemu_plugin_register_atexit_cb(id, at_end, 0);
	return 0;
}
