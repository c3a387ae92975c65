/* SPDX-License-Identifier: MIT */
/*
 * What a signal handler of Linux i386 finds on its stack.
 *
 *   plain handler                       SA_SIGINFO handler
 *   esp -> return address               esp -> return address
 *          signal number                       signal number
 *          sigcontext                          &siginfo  &ucontext
 *          mask, upper half                    siginfo
 *          trampoline                          ucontext with sigcontext
 *          ...                                 trampoline  ...
 *          fpstate (16-byte aligned)           fpstate
 */
#ifndef UAPI_SIGCONTEXT_H
#define UAPI_SIGCONTEXT_H

#include <uapi/signal.h>

struct sigcontext {
	u32 gs, fs, es, ds; /* selectors, upper halves 0 */
	u32 edi, esi, ebp, esp, ebx, edx, ecx, eax;
	u32 trapno, err; /* of the fault, if it was one */
	u32 eip, cs, eflags;
	u32 esp_at_signal, ss;
	u32 fpstate; /* user address of struct fpstate, or 0 */
	u32 oldmask; /* lower half of the mask to go back to */
	u32 cr2; /* address of the page fault */
};

#define FPSTATE_MAGIC_FXSR 0x0000 /* fxsr holds; else 0xffff */

struct fpstate_legacy { /* fnsave's form */
	u32 cw, sw, tag, ipoff, cssel, dataoff, datasel;
	u8 st[8][10];
	u16 status, magic;
};

struct fpstate {
	struct fpstate_legacy legacy;
	u8 fxsr[512]; /* fxsave's form */
};

struct siginfo { /* siginfo_t */
	s32 si_signo, si_errno, si_code;
	union {
		struct {
			s32 si_pid;
			u32 si_uid;
			s32 si_status, si_utime, si_stime;
		};
		u32 si_addr;
		u32 pad[29];
	};
};

struct ucontext {
	u32 uc_flags, uc_link;
	struct sigaltstack uc_stack;
	struct sigcontext uc_mcontext;
	u32 uc_sigmask[2];
};

struct sigframe {
	u32 pretcode; /* where the handler returns to */
	s32 sig;
	struct sigcontext sc;
	u32 extramask; /* upper half of the mask */
	u8 retcode[8];
};

struct rt_sigframe {
	u32 pretcode;
	s32 sig;
	u32 pinfo, puc; /* user addresses of info and uc */
	struct siginfo info;
	struct ucontext uc;
	u8 retcode[8];
};

BUILD_ASSERT(sizeof(struct sigcontext) == 88, "Linux i386 layout");
BUILD_ASSERT(sizeof(struct fpstate) == 624, "Linux i386 layout");
BUILD_ASSERT(sizeof(struct siginfo) == 128, "Linux i386 layout");
BUILD_ASSERT(sizeof(struct ucontext) == 116, "Linux i386 layout");

#endif
