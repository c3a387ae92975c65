/* SPDX-License-Identifier: MIT */
/*
 * Memory of the shell: arenas, which are given back all at once or back to a
 * mark, and strings that grow. Running out of memory ends the shell.
 *
 *   arena.last -> chunk -> chunk -> NULL    the newest first
 */
#include "sh.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE 2000u
#define ALIGN 8u

struct chunk {
	struct chunk *before; /* filled earlier */
	size_t used, size; /* bytes of data */
	_Alignas(ALIGN) char data[];
};

struct arena stack_arena;

static void out_of_memory(void)
{
	static const char text[] = "sh: out of memory\n";

	fputs(text, stderr);
	exit(2);
}

void *xmalloc(size_t size)
{
	return xrealloc(NULL, size);
}

void *xrealloc(void *p, size_t size)
{
	p = realloc(p, size ? size : 1);
	if (!p)
		out_of_memory();
	return p;
}

char *xstrdup(const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(xmalloc(size), s, size);
}

static void arena_grow(struct arena *a, size_t size)
{
	struct chunk *c;

	if (size < CHUNK_SIZE)
		size = CHUNK_SIZE;
	c = xmalloc(sizeof(*c) + size);
	c->before = a->last;
	c->used = 0;
	c->size = size;
	a->last = c;
}

void *arena_alloc(struct arena *a, size_t size)
{
	void *p;

	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!a->last || a->last->size - a->last->used < size)
		arena_grow(a, size);
	p = a->last->data + a->last->used;
	a->last->used += size;
	return memset(p, 0, size);
}

char *arena_copy(struct arena *a, const char *s, size_t len)
{
	char *p = arena_alloc(a, len + 1);

	memcpy(p, s, len);
	return p;
}

static void free_down_to(struct arena *a, struct chunk *stop)
{
	struct chunk *c;

	while (a->last != stop) {
		c = a->last;
		a->last = c->before;
		free(c);
	}
}

void arena_free(struct arena *a)
{
	free_down_to(a, NULL);
}

struct arena_mark stack_mark(void)
{
	struct arena_mark m = { stack_arena.last, 0 };

	if (m.chunk)
		m.used = m.chunk->used;
	return m;
}

void stack_release(struct arena_mark mark)
{
	free_down_to(&stack_arena, mark.chunk);
	if (mark.chunk)
		mark.chunk->used = mark.used;
}

void *stack_alloc(size_t size)
{
	return arena_alloc(&stack_arena, size);
}

char *stack_copy(const char *s, size_t len)
{
	return arena_copy(&stack_arena, s, len);
}

void str_addn(struct str *b, const char *s, size_t n)
{
	if (b->len + n + 1 > b->cap) {
		b->cap = (b->len + n + 1) * 2;
		b->s = xrealloc(b->s, b->cap);
	}
	memcpy(b->s + b->len, s, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void str_add(struct str *b, char c)
{
	str_addn(b, &c, 1);
}

void str_adds(struct str *b, const char *s)
{
	str_addn(b, s, strlen(s));
}

void str_free(struct str *b)
{
	free(b->s);
	memset(b, 0, sizeof(*b));
}
