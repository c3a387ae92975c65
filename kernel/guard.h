/* SPDX-License-Identifier: MIT */
/*
 * Guards: the conditions that keep the classic bugs of shm-spec section 9
 * out. GUARD(B07) is true, and costs nothing, in every kernel but the one
 * that `make MUTANT=B07` builds without that guard, to prove that a test
 * sees the difference (`make test-mutants`).
 */
#ifndef KERNEL_GUARD_H
#define KERNEL_GUARD_H

enum guard {
	GUARD_NONE,
	GUARD_B01, /* a scan of segments that are all locked ends */
	GUARD_B02, /* more than 32,767 attaches are still counted */
	GUARD_B06, /* shmdt waits for a fault of the same address space */
	GUARD_B07, /* a slot that is being read cannot be given to another */
	GUARD_B13, /* swapoff looks again after it has slept */
	GUARD_B14, /* a page that comes back is writable only if its area is */
	GUARD_B32, /* stale translations go by the loaded directory */
	GUARD_B35, /* no segment pointer is held across a user copy */
	GUARD_B38, /* a slot being written is not given to another */
};

#ifndef MUTANT
#define MUTANT NONE
#endif
#define GUARD_JOIN(prefix, name) prefix##name
#define GUARD_NAME(name) GUARD_JOIN(GUARD_, name)
#define GUARD(id) (GUARD_NAME(MUTANT) != GUARD_##id)

#endif
