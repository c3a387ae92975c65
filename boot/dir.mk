SRCS += boot/entry.asm	# + header, first directory, jump
SRCS += boot/processor.asm	# + too old: one sentence, the end
SRCS += boot/multiboot.c	# + what the boot loader says
SRCS += boot/gdt.c	# + segments and task-state segments
SRCS += boot/idt.c	# + 256 gates, double-fault task
