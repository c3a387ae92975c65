# System V IPC, in reading order.
SRCS += ipc/id.c	# slots, numbers, keys, permissions
SRCS += ipc/sys_ipc.c	# ipc(117) and 395 to 398
SRCS += ipc/shm/shm.c	# segments: shmget, new, destroy
SRCS += ipc/shm/shm_attach.c	# shmat, shmdt
SRCS += ipc/shm/shm_area.c	# what an attach answers when mm asks
SRCS += ipc/shm/shm_fault.c	# the page behind an attach
SRCS += ipc/shm/shm_swap.c	# it leaves memory
SRCS += ipc/shm/shm_ctl.c	# shmctl, command by command
SRCS += ipc/abi.c	# kernel structures to Linux's
SRCS += ipc/ipc_check.c	# proves I1 to I4, I8

HOP_SRCS += ipc/shm/shm_fault.c ipc/shm/shm_swap.c
