/* SPDX-License-Identifier: MIT */
/*
 * The doors of System V IPC: the multiplexer ipc(117), which C libraries
 * use, and the direct calls 395 to 398 (shm-spec 3.0).
 */
#include <ipc/shm/shm.h>
#include <kernel/syscall.h>
#include <kernel/usercopy.h>
#include <uapi/errno.h>
#include <uapi/ipc.h>

long sys_shmget(s32 key, u32 size, u32 flags)
{
	return do_shmget(key, size, flags);
}

long sys_shmat(s32 id, u32 addr, u32 flags)
{
	vaddr_t where;
	long err = do_shmat(id, addr, flags, &where);

	return err ? err : (long)where;
}

long sys_shmdt(u32 addr)
{
	return do_shmdt(addr);
}

long sys_shmctl(s32 id, s32 cmd, void *buf)
{
	return do_shmctl(id, cmd, buf, false);
}

/* shmat() through ipc(): the address goes to *RESULT, which is tried first,
 * so that nothing is attached when it cannot be written (D20). */
static long ipc_shmat(s32 id, u32 flags, void *result, u32 addr)
{
	vaddr_t where;
	u32 was;
	long err;

	if (get_user_u32(&was, result) || put_user_u32(was, result))
		return -EFAULT;
	err = do_shmat(id, addr, flags, &where);
	if (err)
		return err;
	return put_user_u32(where, result);
}

long sys_ipc(u32 call, u32 first, u32 second, u32 third, u32 ptr, u32 fifth)
{
	u32 version = call >> 16;
	s32 cmd = (s32)second;

	switch (call & 0xffff) {
	case IPCOP_SHMGET:
		return do_shmget((s32)first, second, third);
	case IPCOP_SHMAT:
		if (version == 1)
			return -EINVAL;
		return ipc_shmat((s32)first, second, (void *)third, ptr);
	case IPCOP_SHMDT:
		return do_shmdt(ptr);
	case IPCOP_SHMCTL:
		return do_shmctl((s32)first, cmd < 0 ? cmd : cmd & ~IPC_64,
				 (void *)ptr, !(cmd & IPC_64));
	default:
		return -ENOSYS;
	}
}
