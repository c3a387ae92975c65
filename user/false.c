/* SPDX-License-Identifier: MIT */
/* false: does nothing, with status 1. */
int main(void)
{
	return 1;
}
