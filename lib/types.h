/* SPDX-License-Identifier: MIT */
/*
 * The few words every file of the kernel uses: fixed-width integers, the
 * address types, compile-time assertions and attributes.
 *
 * Includes nothing but the compiler, so lib/ also builds on the host.
 */
#ifndef LIB_TYPES_H
#define LIB_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

typedef u32 vaddr_t; /* a byte address in a user address space */
typedef u32 paddr_t; /* a physical byte address */

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BUILD_ASSERT(cond, what) _Static_assert(cond, what)
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define ALIGN_UP(x, a) (((x) + ((a)-1)) & ~((a)-1))
#define ALIGN_DOWN(x, a) ((x) & ~((a)-1))
#define DIV_ROUND_UP(x, d) (((x) + (d)-1) / (d))

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#undef __always_inline /* a C library of the host has it, too */
#define __always_inline inline __attribute__((always_inline))
#define __noreturn __attribute__((noreturn))
#define __cold __attribute__((cold))
#define __printf_like(fmt, args) __attribute__((format(printf, fmt, args)))

/*
 * A step of a documented path: stays a real call with its own frame and
 * all its arguments, in every build (docs/page-fault.md lists them).
 */
#ifdef __clang__
#define __hop __attribute__((noinline, used)) /* used: by who knows whom */
#else
#define __hop __attribute__((noipa))
#endif

#endif
