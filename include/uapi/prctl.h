/* SPDX-License-Identifier: MIT */
/* Numbers of prctl, Linux. */
#ifndef UAPI_PRCTL_H
#define UAPI_PRCTL_H

#define PR_GET_DUMPABLE 3
#define PR_SET_DUMPABLE 4
#define PR_SET_NAME 15
#define PR_GET_NAME 16

#endif
