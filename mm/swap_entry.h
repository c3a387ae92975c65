/* SPDX-License-Identifier: MIT */
/*
 * Words that stand in a page table, or in a page slot, for a page that is
 * not mapped: swap entries and the signatures of shm pages. shm-spec: 2.2.
 *
 *   31            18 17         8   7   6            1   0
 *  +----------------+------------+---+---------------+---+
 *  |  page index    |  segment   | 0 | type 32       | 0 |   signature
 *  +----------------+------------+---+---------------+---+
 *  |        swap slot (24)       | 0 | area 0..7     | 0 |   swap entry
 *  +-----------------------------+---+---------------+---+
 */
#ifndef MM_SWAP_ENTRY_H
#define MM_SWAP_ENTRY_H

#include <mm/pgtable.h>

#define SHM_ID_BITS 10 /* 1,024 segments */
#define SHM_IDX_BITS 14 /* of 16,384 pages: 64 MiB */
#define SWAP_TYPE_SHM 0x20u

BUILD_ASSERT(SHM_ID_BITS + SHM_IDX_BITS == 24, "both fields fill bits 8..31");

#define SHM_SIGNATURE_STEP (1u << (8 + SHM_ID_BITS)) /* one page further */

static inline pte_t shm_signature(u32 slot, u32 index)
{
	return (pte_t){ SWAP_TYPE_SHM << 1 | slot << 8 |
			index << (8 + SHM_ID_BITS) };
}

/* The signature of the page INDEX further than that of BASE. */
static inline pte_t shm_signature_add(pte_t base, u32 index)
{
	return (pte_t){ base.val + index * SHM_SIGNATURE_STEP };
}

static inline bool is_shm_signature(pte_t pte)
{
	return !pte_resident(pte) && (pte.val & SWAP_TYPE_SHM << 1);
}

static inline u32 shm_signature_slot(pte_t pte)
{
	return pte.val >> 8 & ((1u << SHM_ID_BITS) - 1);
}

static inline u32 shm_signature_index(pte_t pte)
{
	return pte.val >> (8 + SHM_ID_BITS);
}

/* --- swap entries -------------------------------------------------------- */

static inline pte_t swp_entry(u32 type, u32 slot)
{
	return (pte_t){ type << 1 | slot << 8 };
}

static __always_inline bool is_swap_entry(pte_t pte)
{
	return pte.val && !(pte.val & (PTE_P | PTE_PROTNONE |
				       SWAP_TYPE_SHM << 1));
}

/* A frame or a slot: neither none nor a signature. */
static __always_inline bool pte_holds(pte_t pte)
{
	return pte_resident(pte) || is_swap_entry(pte);
}

/* Which area, and which slot of it. */
static inline u32 swp_type(pte_t entry)
{
	return entry.val >> 1 & 0x1f;
}

static inline u32 swp_slot(pte_t entry)
{
	return entry.val >> 8;
}

#endif
