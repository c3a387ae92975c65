/* SPDX-License-Identifier: MIT */
/*
 * Words that stand in a page table, or in a page slot, for a page that is
 * not mapped: swap entries and the signatures of shm pages. shm-spec: 2.2.
 * The fields are ENTRY_FIELDS of include/uapi/faultline.h.
 */
#ifndef MM_SWAP_ENTRY_H
#define MM_SWAP_ENTRY_H

#include <mm/pgtable.h>

BUILD_ASSERT(SHM_SLOT_FIRST + SHM_SLOT_BITS == SHM_INDEX_FIRST &&
		     SHM_INDEX_FIRST + SHM_INDEX_BITS == 32,
	     "the fields of a signature fill its upper bits");

#define SHM_SIGNATURE_STEP (1u << SHM_INDEX_FIRST) /* one page further */

static inline pte_t shm_signature(u32 slot, u32 index)
{
	return (pte_t){ PTE_SHM | slot << SHM_SLOT_FIRST |
			index << SHM_INDEX_FIRST };
}

/* The signature of the page INDEX further than that of BASE. */
static inline pte_t shm_signature_add(pte_t base, u32 index)
{
	return (pte_t){ base.val + index * SHM_SIGNATURE_STEP };
}

/* --- swap entries -------------------------------------------------------- */

static inline pte_t swp_entry(u32 type, u32 slot)
{
	return (pte_t){ type << SWAP_AREA_FIRST | slot << SWAP_SLOT_FIRST };
}

static __always_inline bool is_swap_entry(pte_t pte)
{
	return entry_is_swap(pte.val);
}

/* A frame or a slot: neither none nor a signature. */
static __always_inline bool pte_holds(pte_t pte)
{
	return pte_resident(pte) || is_swap_entry(pte);
}

/* Which area, and which slot of it. */
static inline u32 swp_type(pte_t entry)
{
	return ENTRY_FIELD(entry.val, SWAP_AREA);
}

static inline u32 swp_slot(pte_t entry)
{
	return ENTRY_FIELD(entry.val, SWAP_SLOT);
}

#endif
