/* SPDX-License-Identifier: MIT */
/* true: does nothing, with status 0. */
int main(void)
{
	return 0;
}
