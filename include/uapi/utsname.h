/* SPDX-License-Identifier: MIT */
/* Argument of uname, Linux i386. */
#ifndef UAPI_UTSNAME_H
#define UAPI_UTSNAME_H

#define UTS_LEN 65 /* with the NUL */

struct new_utsname {
	char sysname[UTS_LEN];
	char nodename[UTS_LEN];
	char release[UTS_LEN];
	char version[UTS_LEN];
	char machine[UTS_LEN];
	char domainname[UTS_LEN];
};

#endif
