/* SPDX-License-Identifier: MIT */
/* What the library of cut_library.c has: one function in each of two pages. */
#ifndef CUT_LIBRARY_H
#define CUT_LIBRARY_H

int near_function(void); /* 1 */
int far_function(void); /* 2 */

#endif
