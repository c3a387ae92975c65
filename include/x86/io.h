/* SPDX-License-Identifier: MIT */
/* Port input and output. Register numbers live in the drivers. */
#ifndef X86_IO_H
#define X86_IO_H

#include <lib/types.h>

static inline void outb(u16 port, u8 val)
{
	asm volatile("outb %0, %1" : : "a"(val), "Nd"(port));
}

static inline void outw(u16 port, u16 val)
{
	asm volatile("outw %0, %1" : : "a"(val), "Nd"(port));
}

static inline void outl(u16 port, u32 val)
{
	asm volatile("outl %0, %1" : : "a"(val), "Nd"(port));
}

static inline u8 inb(u16 port)
{
	u8 val;

	asm volatile("inb %1, %0" : "=a"(val) : "Nd"(port));
	return val;
}

static inline u32 inl(u16 port)
{
	u32 val;

	asm volatile("inl %1, %0" : "=a"(val) : "Nd"(port));
	return val;
}

/* COUNT words from PORT to TO, or from FROM to PORT. */
static inline void insw(u16 port, void *to, u32 count)
{
	asm volatile("rep insw" : "+D"(to), "+c"(count) : "d"(port) : "memory");
}

static inline void outsw(u16 port, const void *from, u32 count)
{
	asm volatile("rep outsw"
		     : "+S"(from), "+c"(count)
		     : "d"(port)
		     : "memory");
}

#endif
