/* SPDX-License-Identifier: MIT */
/*
 * The AVL tree of an address space's areas: key vm_end, and in every node
 * the largest hole of its subtree.
 *
 * A node is heavier on one side by at most one level; an insertion or a
 * removal repairs the places it passed, deepest first:
 *
 *       n                l              n                  c
 *      / \              / \            / \               /   \
 *     l   3    ==>     1   n          l   4     ==>     l     n
 *    / \                  / \        / \               / \   / \
 *   1   2                2   3      1   c             1   2 3   4
 *                                      / \
 *   left side too heavy: one turn     2   3      its right child: two turns
 *
 * Invariants INV-V1 to INV-V4 are in mm/vma.h; avl_check() proves them. This
 * file sleeps nowhere and uses nothing but the node fields, so tests/host
 * runs it against a sorted array.
 */
#include <kernel/panic.h>
#include <mm/vma.h>

/* An AVL tree this deep holds 433 million nodes (shm-spec 6.1). */
#define AVL_MAX_DEPTH 41

/* The places (child pointers) passed on the way down. */
struct avl_path {
	struct vm_area_struct **place[AVL_MAX_DEPTH];
	u32 depth;
	u32 next; /* number of the last one left downwards to the left: it holds
		   * the area after, in order; without one, the depth */
};

static u32 avl_height(const struct vm_area_struct *t)
{
	return t ? t->vm_avl_height : 0;
}

static u32 avl_max_hole(const struct vm_area_struct *t)
{
	return t ? t->vm_max_hole : 0;
}

/* Computes N's height and largest hole from its children's; false: they are
 * what they were. */
static __always_inline bool
avl_update(struct vm_area_struct *n)
{
	const struct vm_area_struct *l = n->vm_avl_left, *r = n->vm_avl_right;
	u32 height = 0, hole = n->vm_hole;

	if (l) {
		height = l->vm_avl_height;
		hole = MAX(hole, l->vm_max_hole);
	}
	if (r) {
		height = MAX(height, r->vm_avl_height);
		hole = MAX(hole, r->vm_max_hole);
	}
	height++;
	if (height == n->vm_avl_height && hole == n->vm_max_hole)
		return false;
	n->vm_avl_height = height;
	n->vm_max_hole = hole;
	return true;
}

static void avl_turn_right(struct vm_area_struct **place)
{
	struct vm_area_struct *n = *place, *l = n->vm_avl_left;

	n->vm_avl_left = l->vm_avl_right;
	l->vm_avl_right = n;
	avl_update(n);
	avl_update(l);
	*place = l;
}

static void avl_turn_left(struct vm_area_struct **place)
{
	struct vm_area_struct *n = *place, *r = n->vm_avl_right;

	n->vm_avl_right = r->vm_avl_left;
	r->vm_avl_left = n;
	avl_update(n);
	avl_update(r);
	*place = r;
}

/* Turns the node at PLACE, whose left (or else right) side is too heavy. */
static void avl_balance(struct vm_area_struct **place, bool left)
{
	struct vm_area_struct *n = *place;
	struct vm_area_struct *l = n->vm_avl_left, *r = n->vm_avl_right;

	if (left) {
		if (avl_height(l->vm_avl_left) < avl_height(l->vm_avl_right))
			avl_turn_left(&n->vm_avl_left);
		avl_turn_right(place);
	} else {
		if (avl_height(r->vm_avl_right) < avl_height(r->vm_avl_left))
			avl_turn_right(&n->vm_avl_right);
		avl_turn_left(place);
	}
}

/* Repairs the node at PLACE, whose children are right; false: the height of
 * what hangs there is what it was. */
static inline bool avl_repair(struct vm_area_struct **place)
{
	struct vm_area_struct *n = *place;
	u32 left = avl_height(n->vm_avl_left);
	u32 right = avl_height(n->vm_avl_right);
	u32 was = n->vm_avl_height;

	if (likely(left - right + 1 <= 2)) /* they differ by at most one */
		avl_update(n);
	else
		avl_balance(place, left > right);
	return (*place)->vm_avl_height != was;
}

/* Computes N's largest hole alone; false: it is what it was. */
static inline bool avl_update_max(struct vm_area_struct *n)
{
	const struct vm_area_struct *l = n->vm_avl_left, *r = n->vm_avl_right;
	u32 hole = n->vm_hole;

	if (l)
		hole = MAX(hole, l->vm_max_hole);
	if (r)
		hole = MAX(hole, r->vm_max_hole);
	if (hole == n->vm_max_hole)
		return false;
	n->vm_max_hole = hole;
	return true;
}

/*
 * Repairs the places passed, deepest first. Above the first whose height has
 * not changed only holes can have; above one that needed nothing nothing can,
 * except that number MUST has changed by itself.
 */
static void avl_repair_path(const struct avl_path *path, u32 must)
{
	u32 i = path->depth;

	while (i) {
		i--;
		if (!avl_repair(path->place[i]))
			break;
	}
	while (i) {
		i--;
		if (avl_update_max(*path->place[i]))
			continue;
		if (i <= must)
			return;
		i = must + 1;
	}
}

/* Descends by KEY to the place it belongs to, or where it is. */
static struct vm_area_struct **avl_descend(struct vm_area_struct **place,
					   vaddr_t key, struct avl_path *path)
{
	struct vm_area_struct *t;
	u32 depth = 0, next = AVL_MAX_DEPTH;

	for (t = *place; t && t->vm_end != key; t = *place) {
		path->place[depth] = place;
		place = &t->vm_avl_right;
		if (key < t->vm_end) {
			next = depth;
			place = &t->vm_avl_left;
		}
		depth++;
	}
	path->depth = depth;
	path->next = MIN(next, depth);
	return place;
}

/*
 * Adds VMA as a leaf and repairs the way up. The area after it in order has a
 * smaller hole now; as the leaf's successor it is one of the places passed.
 */
void avl_insert(struct vm_area_struct **root, struct vm_area_struct *vma)
{
	struct avl_path path;
	struct vm_area_struct **place = avl_descend(root, vma->vm_end, &path);

	ASSERT_MSG(!*place && path.depth < AVL_MAX_DEPTH,
		   "INV-V1: two areas end at %08x, %u levels down", vma->vm_end,
		   path.depth);
	vma->vm_avl_left = vma->vm_avl_right = NULL;
	vma->vm_avl_height = 1;
	vma->vm_max_hole = vma->vm_hole;
	*place = vma;
	avl_repair_path(&path, path.next);
}

/*
 * Takes VMA out. With a right child, the smallest node of the right subtree
 * moves into its place: the area after it in order, so its new hole is
 * repaired on the same way. Without one that area is a place passed.
 */
void avl_remove(struct vm_area_struct **root, struct vm_area_struct *vma)
{
	struct avl_path path;
	struct vm_area_struct **place = avl_descend(root, vma->vm_end, &path);
	struct vm_area_struct *heir;
	u32 heir_depth;

	ASSERT_MSG(*place == vma, "INV-V1: area %08x-%08x is not in the tree",
		   vma->vm_start, vma->vm_end);
	if (!vma->vm_avl_right) {
		*place = vma->vm_avl_left;
		avl_repair_path(&path, path.next);
		return;
	}
	path.place[path.depth++] = place;
	heir_depth = path.depth;
	place = &vma->vm_avl_right;
	while ((*place)->vm_avl_left) {
		path.place[path.depth++] = place;
		place = &(*place)->vm_avl_left;
	}
	heir = *place;
	*place = heir->vm_avl_right;
	heir->vm_avl_left = vma->vm_avl_left;
	heir->vm_avl_right = vma->vm_avl_right;
	/* What stood here before, for the repair to compare with. */
	heir->vm_avl_height = vma->vm_avl_height;
	heir->vm_max_hole = vma->vm_max_hole;
	*path.place[heir_depth - 1] = heir;
	/* The path went through VMA's own right pointer, now the heir's. */
	if (path.depth > heir_depth)
		path.place[heir_depth] = &heir->vm_avl_right;
	avl_repair_path(&path, heir_depth - 1);
}

/* VMA's vm_hole has changed: carries that up to the root. */
void avl_update_hole(struct vm_area_struct *root, struct vm_area_struct *vma)
{
	struct vm_area_struct *place[AVL_MAX_DEPTH];
	u32 depth = 0;

	for (; root != vma; depth++) {
		place[depth] = root;
		root = vma->vm_end < root->vm_end ? root->vm_avl_left :
						    root->vm_avl_right;
	}
	if (!avl_update(vma))
		return;
	while (depth && avl_update(place[--depth]))
		continue;
}

/* The first node, in order, of subtree T with a hole of LEN; there is one. */
static struct vm_area_struct *avl_first_hole(struct vm_area_struct *t, u32 len)
{
	for (;;) {
		if (avl_max_hole(t->vm_avl_left) >= len)
			t = t->vm_avl_left;
		else if (t->vm_hole >= len)
			return t;
		else
			t = t->vm_avl_right;
	}
}

/*
 * The lowest area above FIRST with LEN free bytes right below it; NULL: none.
 * One descent: the deepest node that lies above FIRST, and has such a hole
 * itself or to its right, leads to the answer.
 */
struct vm_area_struct *avl_find_hole(struct vm_area_struct *root,
				     const struct vm_area_struct *first,
				     u32 len)
{
	struct vm_area_struct *t, *best = NULL;

	for (t = root; t;) {
		if (t->vm_end <= first->vm_end) {
			t = t->vm_avl_right;
			continue;
		}
		if (t->vm_hole >= len || avl_max_hole(t->vm_avl_right) >= len)
			best = t;
		t = t->vm_avl_left;
	}
	if (!best || best->vm_hole >= len)
		return best;
	return avl_first_hole(best->vm_avl_right, len);
}

/* In-order walk for avl_check(). */
struct avl_walk {
	const struct vm_area_struct *next; /* of the list: must come now */
	vaddr_t end; /* of the area before */
	const char *breach;
};

static const char *avl_check_area(const struct vm_area_struct *n,
				  const struct avl_walk *w)
{
	if (n != w->next)
		return "INV-V1: list and tree are in different order";
	if (n->vm_start < w->end || n->vm_start >= n->vm_end ||
	    n->vm_end > TASK_SIZE)
		return "INV-V1: areas overlap or are empty";
	if ((n->vm_start | n->vm_end) & ~PAGE_MASK)
		return "INV-V4: an area is not page aligned";
	if (n->vm_hole != n->vm_start - w->end)
		return "INV-V3: vm_hole is not the hole below";
	return NULL;
}

static const char *avl_check_node(const struct vm_area_struct *n)
{
	u32 l = avl_height(n->vm_avl_left), r = avl_height(n->vm_avl_right);
	u32 below = MAX(avl_max_hole(n->vm_avl_left),
			avl_max_hole(n->vm_avl_right));

	if (n->vm_avl_height != 1 + MAX(l, r))
		return "INV-V2: a height is wrong";
	if (l > r + 1 || r > l + 1)
		return "INV-V2: the tree is out of balance";
	if (n->vm_max_hole != MAX(n->vm_hole, below))
		return "INV-V3: vm_max_hole is not the maximum";
	return NULL;
}

static void avl_check_tree(const struct vm_area_struct *n, struct avl_walk *w)
{
	if (!n || w->breach)
		return;
	avl_check_tree(n->vm_avl_left, w);
	if (!w->breach)
		w->breach = avl_check_area(n, w);
	if (w->breach)
		return;
	w->next = n->vm_next;
	w->end = n->vm_end;
	avl_check_tree(n->vm_avl_right, w);
	if (!w->breach)
		w->breach = avl_check_node(n);
}

const char *avl_check(const struct vm_area_struct *root,
		      const struct vm_area_struct *first)
{
	struct avl_walk w = { first, 0, NULL };

	avl_check_tree(root, &w);
	if (!w.breach && w.next)
		w.breach = "INV-V1: the list is longer than the tree";
	return w.breach;
}
