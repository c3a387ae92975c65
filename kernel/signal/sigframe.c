/* SPDX-License-Identifier: MIT */
/*
 * The stack frame a signal handler starts on, and the way back from it.
 * Layouts: <uapi/sigcontext.h>.
 *
 *   signal_setup_frame()            handler            sigreturn
 *   registers, mask, FPU  ---->  user stack  ---->  registers, mask, FPU
 *
 * Whatever comes back from the user stack is taken for hostile: selectors
 * are replaced unless they are the flat ones or a thread-local one in use,
 * only arithmetic flags are taken over, MXCSR loses its reserved bits. So
 * neither iret nor fxrstor can fault in the kernel.
 *
 * All functions may sleep (user copies). See: kernel/signal/signal.c.
 */
#include <kernel/fpu.h>
#include <kernel/syscall.h>
#include <kernel/task.h>
#include <kernel/thread/tls.h>
#include <kernel/usercopy.h>
#include <lib/string.h>
#include <uapi/errno.h>
#include <uapi/sigcontext.h>
#include <x86/cpu.h>

/* Flags a program may change: AC OF DF TF SF ZF AF PF CF. */
#define EFLAGS_USER 0x00040dd5u
#define MXCSR_MASK 0x0000ffbfu
#define MXCSR_OFFSET 24
#define FXSR_USED 288 /* bytes of an fxsave image that mean something */

struct fxsave { /* the part of the processor's image that is translated */
	u16 cw, sw;
	u8 tags; /* a bit a register: not empty */
	u8 unused;
	u16 opcode;
	u32 ipoff, cssel, dataoff, datasel;
	u32 mxcsr, mxcsr_mask;
	u8 st[8][16];
};

/* fnsave's form; kinds of registers that are not empty are not told apart. */
static void fpu_to_legacy(struct fpstate_legacy *legacy,
			  const struct fxsave *fx)
{
	u32 i, tags = 0;

	/* Tags go by register, st by its place below the top of stack. */
	for (i = 0; i < 8; i++) {
		if (!(fx->tags & 1u << i))
			tags |= 3u << 2 * i;
		memcpy(legacy->st[i], fx->st[i], sizeof(legacy->st[i]));
	}
	legacy->cw = fx->cw | 0xffff0000u;
	legacy->sw = fx->sw | 0xffff0000u;
	legacy->tag = tags | 0xffff0000u;
	legacy->ipoff = fx->ipoff;
	legacy->cssel = (fx->cssel & 0xffff) | (u32)fx->opcode << 16;
	legacy->dataoff = fx->dataoff;
	legacy->datasel = fx->datasel | 0xffff0000u;
	legacy->status = fx->sw;
	legacy->magic = FPSTATE_MAGIC_FXSR;
}

/* The live FPU registers to user address TO; 0 or -EFAULT. */
static int save_fpstate(u32 to)
{
	struct fpstate *target = (struct fpstate *)to;
	struct fpstate_legacy legacy;

	if (!to)
		return 0;
	fpu_save(current);
	fpu_to_legacy(&legacy, (const struct fxsave *)current->fpu);
	if (copy_to_user(&target->legacy, &legacy, sizeof(legacy)) ||
	    copy_to_user(target->fxsr, current->fpu, sizeof(target->fxsr)))
		return -EFAULT;
	return 0;
}

/* The FPU registers from user address FROM; 0 or -EFAULT. */
static int load_fpstate(u32 from)
{
	const struct fpstate *source = (const struct fpstate *)from;
	u8 image[FXSR_USED];
	u32 flags;

	if (!(read_cr4() & CR4_OSFXSR))
		return 0;
	/* may sleep: a switch stores the old registers in current->fpu */
	if (copy_from_user(image, source->fxsr, sizeof(image)))
		return -EFAULT;
	*(u32 *)(image + MXCSR_OFFSET) &= MXCSR_MASK;
	flags = irq_save();
	memcpy(current->fpu, image, sizeof(image));
	fpu_restore(current);
	irq_restore(flags);
	return 0;
}

/* --- registers ---------------------------------------------------------- */

static u32 read_gs(void)
{
	u32 sel;

	asm volatile("movl %%gs, %0" : "=r"(sel));
	return sel & 0xffff;
}

static u32 read_fs(void)
{
	u32 sel;

	asm volatile("movl %%fs, %0" : "=r"(sel));
	return sel & 0xffff;
}

static void save_registers(struct sigcontext *sc,
			   const struct trap_frame *frame, u64 oldmask,
			   const struct siginfo_k *info)
{
	bool fault = frame->vector < VECTOR_IRQ_BASE;

	*sc = (struct sigcontext){
		.gs = read_gs(), .fs = read_fs(),
		.es = frame->es & 0xffff, .ds = frame->ds & 0xffff,
		.edi = frame->edi, .esi = frame->esi, .ebp = frame->ebp,
		.esp = frame->esp, .ebx = frame->ebx, .edx = frame->edx,
		.ecx = frame->ecx, .eax = frame->eax,
		.trapno = fault ? frame->vector : 0,
		.err = fault ? frame->error_code : 0,
		.eip = frame->eip, .cs = frame->cs, .eflags = frame->eflags,
		.esp_at_signal = frame->esp, .ss = frame->ss,
		.oldmask = (u32)oldmask,
		.cr2 = frame->vector == VECTOR_PAGE_FAULT ? info->addr : 0,
	};
}

/* SEL if loading it cannot fault, else FALLBACK. */
static u32 safe_selector(u32 sel, u32 fallback)
{
	sel &= 0xffff;
	if (sel == 0 || sel == USER_DS || tls_selector_valid(current, sel))
		return sel;
	return fallback;
}

static void load_registers(struct trap_frame *frame,
			   const struct sigcontext *sc)
{
	u32 gs = safe_selector(sc->gs, 0), fs = safe_selector(sc->fs, 0);

	asm volatile("movl %0, %%gs" : : "r"(gs));
	asm volatile("movl %0, %%fs" : : "r"(fs));
	frame->es = safe_selector(sc->es, USER_DS);
	frame->ds = safe_selector(sc->ds, USER_DS);
	frame->edi = sc->edi;
	frame->esi = sc->esi;
	frame->ebp = sc->ebp;
	frame->esp = sc->esp;
	frame->ebx = sc->ebx;
	frame->edx = sc->edx;
	frame->ecx = sc->ecx;
	frame->eax = sc->eax;
	frame->eip = sc->eip;
	frame->cs = USER_CS;
	frame->ss = USER_DS;
	frame->eflags = (frame->eflags & ~EFLAGS_USER) |
			(sc->eflags & EFLAGS_USER);
	frame->error_code = ~0u; /* no call to restart */
}

/* --- to the handler ----------------------------------------------------- */

bool on_altstack(u32 esp)
{
	return current->altstack_size &&
	       esp - current->altstack <= current->altstack_size;
}

/* Where a frame of SIZE bytes goes, with *FPSTATE above it; 0: nowhere. */
static u32 frame_address(const struct trap_frame *frame,
			 const struct k_sigaction *action, u32 size,
			 u32 *fpstate)
{
	bool was_on = on_altstack(frame->esp);
	u32 sp = frame->esp;

	if ((action->flags & SA_ONSTACK) && current->altstack_size && !was_on)
		sp = current->altstack + current->altstack_size;
	sp = ALIGN_DOWN(sp - (u32)sizeof(struct fpstate), 16u);
	*fpstate = sp;
	/* A processor without fxsave keeps its x87 registers as they are. */
	if (!(read_cr4() & CR4_OSFXSR))
		*fpstate = 0;
	/* At the handler's first instruction esp + 4 is 16-aligned. */
	sp = ALIGN_DOWN(sp - size + 4, 16u) - 4;
	if (was_on && !on_altstack(sp))
		return 0;
	return sp;
}

static int push_plain(u32 sp, u32 fpstate, struct trap_frame *frame,
		      const struct k_sigaction *action,
		      const struct siginfo_k *info, u64 oldmask)
{
	struct sigframe *user = (struct sigframe *)sp;
	struct sigframe f = {
		.pretcode = action->flags & SA_RESTORER ?
				    action->restorer : (u32)user->retcode,
		.sig = info->signo,
		.extramask = (u32)(oldmask >> 32),
		/* pop eax; mov eax, 119; int 0x80 */
		.retcode = { 0x58, 0xb8, 119, 0, 0, 0, 0xcd, 0x80 },
	};

	save_registers(&f.sc, frame, oldmask, info);
	f.sc.fpstate = fpstate;
	frame->edx = frame->ecx = 0;
	return copy_to_user(user, &f, sizeof(f)) ? -EFAULT : 0;
}

static void fill_siginfo(struct siginfo *to, const struct siginfo_k *info)
{
	to->si_signo = info->signo;
	to->si_code = info->code;
	if (info->signo == SIGCHLD || info->code <= 0) {
		to->si_pid = info->pid;
		to->si_uid = info->uid;
		to->si_status = info->status;
	} else {
		to->si_addr = info->addr;
	}
}

static int push_rt(u32 sp, u32 fpstate, struct trap_frame *frame,
		   const struct k_sigaction *action,
		   const struct siginfo_k *info, u64 oldmask)
{
	struct rt_sigframe *user = (struct rt_sigframe *)sp;
	struct rt_sigframe f = {
		.pretcode = action->flags & SA_RESTORER ?
				    action->restorer : (u32)user->retcode,
		.sig = info->signo,
		.pinfo = (u32)&user->info,
		.puc = (u32)&user->uc,
		/* mov eax, 173; int 0x80 */
		.retcode = { 0xb8, 173, 0, 0, 0, 0xcd, 0x80 },
	};

	fill_siginfo(&f.info, info);
	f.uc.uc_stack.ss_sp = current->altstack;
	f.uc.uc_stack.ss_size = current->altstack_size;
	f.uc.uc_stack.ss_flags = !current->altstack_size ? SS_DISABLE :
				 on_altstack(frame->esp) ? SS_ONSTACK : 0;
	save_registers(&f.uc.uc_mcontext, frame, oldmask, info);
	f.uc.uc_mcontext.fpstate = fpstate;
	f.uc.uc_sigmask[0] = (u32)oldmask;
	f.uc.uc_sigmask[1] = (u32)(oldmask >> 32);
	frame->edx = f.pinfo;
	frame->ecx = f.puc;
	return copy_to_user(user, &f, sizeof(f)) ? -EFAULT : 0;
}

int signal_setup_frame(struct trap_frame *frame,
		       const struct k_sigaction *action,
		       const struct siginfo_k *info, u64 oldmask)
{
	bool rt = action->flags & SA_SIGINFO;
	u32 size = rt ? sizeof(struct rt_sigframe) : sizeof(struct sigframe);
	u32 fpstate, sp = frame_address(frame, action, size, &fpstate);
	int err;

	if (!sp || save_fpstate(fpstate))
		return -EFAULT;
	if (rt)
		err = push_rt(sp, fpstate, frame, action, info, oldmask);
	else
		err = push_plain(sp, fpstate, frame, action, info, oldmask);
	if (err)
		return err;

	frame->esp = sp;
	frame->eip = action->handler;
	frame->eax = info->signo;
	frame->cs = USER_CS;
	frame->ds = frame->es = frame->ss = USER_DS;
	frame->eflags &= ~(EFLAGS_DF | EFLAGS_TF);
	return 0;
}

/* --- and back ----------------------------------------------------------- */

static long return_to(const struct sigcontext *sc, u32 mask_high)
{
	if (sc->fpstate && load_fpstate(sc->fpstate)) {
		force_sig_fault(SIGSEGV, SI_KERNEL, 0);
		return 0;
	}
	signal_set_blocked((u64)mask_high << 32 | sc->oldmask);
	load_registers(task_frame(current), sc);
	return (long)sc->eax;
}

long sys_sigreturn(void)
{
	/* The trampoline has popped the return address and the number. */
	const struct sigframe *user =
		(struct sigframe *)(task_frame(current)->esp - 8);
	struct sigframe f;

	if (copy_from_user(&f.sc, &user->sc, sizeof(f.sc)) ||
	    get_user_u32(&f.extramask, &user->extramask)) {
		force_sig_fault(SIGSEGV, SI_KERNEL, 0);
		return 0;
	}
	return return_to(&f.sc, f.extramask);
}

long sys_rt_sigreturn(void)
{
	/* The handler's ret has popped the return address. */
	const struct rt_sigframe *user =
		(struct rt_sigframe *)(task_frame(current)->esp - 4);
	struct ucontext uc;

	if (copy_from_user(&uc, &user->uc, sizeof(uc))) {
		force_sig_fault(SIGSEGV, SI_KERNEL, 0);
		return 0;
	}
	uc.uc_mcontext.oldmask = uc.uc_sigmask[0];
	return return_to(&uc.uc_mcontext, uc.uc_sigmask[1]);
}
