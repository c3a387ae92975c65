# System V IPC, in reading order.
HDRS += ipc/id.h	# *5 numbers, keys, permissions
SRCS += ipc/id.c	# *5 slots, numbers, keys, permissions
HDRS += ipc/shm/shm.h	# *5 a segment, drawn
SRCS += ipc/sys_ipc.c	# *5 ipc(117) and 395 to 398
SRCS += ipc/shm/shm.c	# *5 segments: shmget, new, destroy
SRCS += ipc/shm/shm_attach.c	# *5 shmat, shmdt
SRCS += ipc/shm/shm_area.c	# *5 what an attach answers when mm asks
SRCS += ipc/shm/shm_fault.c	# *5 the page behind an attach
SRCS += ipc/shm/shm_swap.c	# *6 it leaves memory
SRCS += ipc/shm/shm_objects.c	# *6 what swapping asks of segments
SRCS += ipc/shm/shm_ctl.c	# *5 shmctl, command by command
SRCS += ipc/abi.c	# kernel structures to Linux's
SRCS += ipc/ipc_check.c	# ! proves I1 to I4, I8

HOP_SRCS += ipc/shm/shm_fault.c ipc/shm/shm_swap.c
