/* SPDX-License-Identifier: MIT */
/*
 * Circular doubly linked list whose links sit inside the members.
 *
 *     head <-> a.link <-> b.link <-> (back to head)
 *
 * An empty head points to itself. No function sleeps or allocates; the
 * caller guards the list.
 */
#ifndef LIB_LIST_H
#define LIB_LIST_H

#include <lib/types.h>

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

/* The structure of type TYPE that holds the link PTR as its MEMBER. */
#define list_entry(ptr, type, member) container_of(ptr, type, member)

/* Each link POS; it may be removed in the body. N is a second cursor. */
#define list_for_each_safe(pos, n, head)                       \
	for (pos = (head)->next, n = pos->next; pos != (head); \
	     pos = n, n = pos->next)

#define list_for_each_entry(pos, head, member)                         \
	for (pos = list_entry((head)->next, __typeof__(*pos), member); \
	     &pos->member != (head);                                   \
	     pos = list_entry(pos->member.next, __typeof__(*pos), member))

static inline void list_init(struct list_head *head)
{
	head->next = head->prev = head;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_insert(struct list_head *link, struct list_head *prev,
			       struct list_head *next)
{
	link->next = next;
	link->prev = prev;
	prev->next = link;
	next->prev = link;
}

/* Puts LINK first. */
static inline void list_add(struct list_head *link, struct list_head *head)
{
	list_insert(link, head, head->next);
}

/* Puts LINK last. */
static inline void list_add_tail(struct list_head *link, struct list_head *head)
{
	list_insert(link, head->prev, head);
}

/* Takes LINK out; it points to itself afterwards, so twice does no harm. */
static inline void list_del(struct list_head *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	list_init(link);
}

#endif
