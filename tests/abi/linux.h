/* SPDX-License-Identifier: MIT */
/* What abi.t asks: the headers of Linux. */
#include <linux/types.h>
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>
#include <linux/ipc.h>
#include <linux/shm.h>
#include <asm/shmbuf.h>
#include <asm/mman.h>
#include <linux/mman.h>
#include <asm/signal.h>
#include <asm/siginfo.h>
#include <asm/sigcontext.h>
#include <asm/ldt.h>
#include <asm/stat.h>
#include <asm/statfs.h>
#include <linux/magic.h>
#include <linux/time.h>
#include <linux/wait.h>
#include <linux/auxvec.h>
#include <linux/elf.h>
#include <linux/futex.h>
#include <linux/sysinfo.h>
#include <linux/time_types.h>
#include <linux/poll.h>
#include <linux/reboot.h>
#include <sys/swap.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/utsname.h>
#include <linux/random.h>
#include <asm/resource.h>
#include <linux/resource.h>
#include <asm/termios.h>
#include <asm/ioctls.h>

/* The i386 one is not among the headers a 64-bit machine installs. */
struct ucontext_ia32 {
	unsigned int uc_flags, uc_link;
	struct { unsigned int sp; int flags; unsigned int size; } uc_stack;
	struct sigcontext_32 uc_mcontext;
	unsigned int uc_sigmask[2];
};
