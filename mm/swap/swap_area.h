/* SPDX-License-Identifier: MIT */
/* What mm/swap/swap_area.c and mm/swap/swapoff.c tell each other. */
#ifndef MM_SWAP_AREA_H
#define MM_SWAP_AREA_H

#include <mm/swap/swap.h>

/* The area on INODE (a file, or a block device by its number), or NULL. */
struct swap_area *swap_area_of(const struct inode *inode);

/* Slots of AREA may be taken, or not, from now on. */
void swap_area_open(struct swap_area *area);
void swap_area_close(struct swap_area *area);

/* AREA, closed and with no slot held, is no area any more. May sleep. */
void swap_area_release(struct swap_area *area);

/* mm/swap/swap_header.c: what the first page of an area says about it. */
struct swap_header {
	const char *why; /* it is refused: a reason for the log */
	u32 max; /* slots, the header's included */
	bool old; /* "SWAP-SPACE": a bit per usable page */
};

/* Looks at the frame PAGE of an area of NPAGES pages; REGULAR: in a file. */
void swap_header_parse(struct swap_header *h, const void *page, u32 npages,
		       bool regular);
/* Marks header and bad pages in MAP of MAX slots; usable ones. */
u32 swap_header_map(const struct swap_header *h, const void *page, u16 *map,
		    u32 max);

#endif
