/* SPDX-License-Identifier: MIT */
/*
 * The clock that runs on a battery: read once at boot for the wall clock.
 *
 * It may change while it is read. Waiting for its update to pass would take
 * up to a second, so it is read until two readings agree, which is at most
 * a few times. The chip says whether it counts in BCD and in 12 hours.
 *
 * Registers: Motorola MC146818A data sheet; IBM PC/AT CMOS at port 0x70.
 */
#include <drivers/drivers.h>
#include <lib/string.h>
#include <x86/io.h>

#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71

#define RTC_STATUS_B 0x0B
#define STATUS_B_24H 0x02
#define STATUS_B_BINARY 0x04
#define HOUR_PM 0x80
#define MAX_READINGS 8
#define PIVOT_YEAR 70 /* two digits from here on are of the 1900s */

#define SECONDS_PER_DAY 86400

enum rtc_field { SECOND, MINUTE, HOUR, DAY, MONTH, YEAR, RTC_FIELDS };

static const u8 rtc_register[RTC_FIELDS] = { 0, 2, 4, 7, 8, 9 };

static u8 cmos_read(u8 reg)
{
	outb(CMOS_INDEX, reg);
	return inb(CMOS_DATA);
}

static void read_fields(u8 *field)
{
	u32 i;

	for (i = 0; i < RTC_FIELDS; i++)
		field[i] = cmos_read(rtc_register[i]);
}

static void read_stable(u8 *field)
{
	u8 again[RTC_FIELDS];
	u32 i;

	read_fields(field);
	for (i = 0; i < MAX_READINGS; i++) {
		read_fields(again);
		if (memcmp(field, again, RTC_FIELDS) == 0)
			return;
		memcpy(field, again, RTC_FIELDS);
	}
}

/* BCD and 12 hours to plain numbers. */
static void decode(u8 *field)
{
	u8 status = cmos_read(RTC_STATUS_B);
	bool pm = field[HOUR] & HOUR_PM;
	u32 i;

	field[HOUR] &= ~HOUR_PM;
	for (i = 0; !(status & STATUS_B_BINARY) && i < RTC_FIELDS; i++)
		field[i] = (field[i] >> 4) * 10 + (field[i] & 15);
	if (!(status & STATUS_B_24H))
		field[HOUR] = field[HOUR] % 12 + (pm ? 12 : 0);
}

/* Days from 1 January 1970 to the given one (proleptic Gregorian). The year
 * is counted from March, so that the leap day is its last. */
static s32 days_since_1970(s32 year, s32 month, s32 day)
{
	s32 month_from_march = (month + 9) % 12;
	s32 y = year - (month <= 2);

	return 365 * y + y / 4 - y / 100 + y / 400 +
	       (153 * month_from_march + 2) / 5 + day - 719469;
}

s64 rtc_read(void)
{
	u8 field[RTC_FIELDS];
	s32 days, century;

	read_stable(field);
	decode(field);
	century = field[YEAR] < PIVOT_YEAR ? 2000 : 1900;
	days = days_since_1970(century + field[YEAR], field[MONTH],
			       field[DAY]);
	return (s64)days * SECONDS_PER_DAY + field[HOUR] * 3600 +
	       field[MINUTE] * 60 + field[SECOND];
}
