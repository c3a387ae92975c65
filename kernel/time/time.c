/* SPDX-License-Identifier: MIT */
/*
 * The clocks. The PIT's ticks carry them, the TSC divides a tick:
 *
 *   tick_time                      tick_time of the next tick
 *      |------------- 10 ms ------------|
 *      '-- (tsc - tick_tsc) * scale ->|    never past the next tick
 *
 *   monotonic = tick_time + that part      realtime = RTC at boot + monotonic
 *
 * The TSC is measured while the first ticks go by, nobody waits for it: until
 * the second tick the clocks stand still between ticks. Afterwards each tick
 * up to 2^CAL_LAST ticks that are a power of two apart from the first refines
 * the figure.
 *
 * INV-TI1 no clock goes backwards: the part within a tick is below
 *         NSEC_PER_TICK, and the scale only changes at a tick.
 *
 * Context: any; interrupts are off while the state is read.
 */
#include <drivers/drivers.h>
#include <kernel/sysinfo.h>
#include <kernel/task.h>
#include <lib/div64.h>
#include <x86/cpu.h>

#define CAL_LAST 10 /* measured for 2^10 ticks, 10 s */
#define LOAD_TICKS (5 * HZ)
#define MAX_TICKS 0x40000000u /* longer waits are taken in pieces */
#define SCALE_SHIFT 20 /* for TSCs from 3 kHz to 40 GHz */

volatile u32 ticks;
u32 time_user_ticks, time_system_ticks, time_idle_ticks;

static s64 boot_seconds; /* wall clock when `ticks` was 0 */
static struct timespec64 tick_time; /* monotonic time of the last tick */
static u64 tick_tsc; /* TSC at the last tick */
static u64 first_tsc; /* TSC at tick 1 */
static u32 next_load_tick = LOAD_TICKS;
static u32 tsc_per_tick; /* 0: not known yet */
static u32 tsc_scale; /* nanoseconds a cycle, times 2^SCALE_SHIFT */

struct timespec64 time_add(struct timespec64 a, struct timespec64 b)
{
	struct timespec64 sum = { a.sec + b.sec, a.nsec + b.nsec };

	if (sum.nsec >= NSEC_PER_SEC) {
		sum.nsec -= NSEC_PER_SEC;
		sum.sec++;
	}
	return sum;
}

struct timespec64 time_sub(struct timespec64 a, struct timespec64 b)
{
	struct timespec64 diff = { a.sec - b.sec, a.nsec - b.nsec };

	if (a.nsec < b.nsec) {
		diff.nsec += NSEC_PER_SEC;
		diff.sec--;
	}
	return diff;
}

struct timespec64 time_from_ticks(u32 count)
{
	struct timespec64 t;

	t.sec = (s64)u64_divmod((u64)count * NSEC_PER_TICK, NSEC_PER_SEC,
				&t.nsec);
	return t;
}

u32 time_to_ticks(struct timespec64 t)
{
	u64 nsec = (u64)t.nsec + NSEC_PER_TICK - 1;

	if (t.sec < 0)
		return 0;
	if (t.sec >= MAX_TICKS / HZ)
		return MAX_TICKS;
	nsec += (u64)t.sec * NSEC_PER_SEC;
	return (u32)u64_divmod(nsec, NSEC_PER_TICK, NULL);
}

struct timespec64 time_from_now(struct timespec64 t)
{
	struct timespec64 now = time_monotonic();

	if (t.sec > INT64_MAX - now.sec - 1)
		return (struct timespec64){ INT64_MAX, 0 };
	return time_add(now, t);
}

u32 time_ticks_until(struct timespec64 until)
{
	return time_to_ticks(time_sub(until, time_monotonic()));
}

/* Nanoseconds since the last tick; interrupts are off. */
static u32 nsec_in_tick(void)
{
	u64 cycles = rdtsc() - tick_tsc;
	u32 nsec;

	if (cycles >= tsc_per_tick)
		return tsc_per_tick ? NSEC_PER_TICK - 1 : 0;
	nsec = (u32)(cycles * tsc_scale >> SCALE_SHIFT);
	return MIN(nsec, NSEC_PER_TICK - 1);
}

struct timespec64 time_monotonic(void)
{
	u32 flags = irq_save();
	struct timespec64 part = { 0, nsec_in_tick() };
	struct timespec64 now = time_add(tick_time, part);

	irq_restore(flags);
	return now;
}

struct timespec64 time_realtime(void)
{
	struct timespec64 now = time_monotonic();

	now.sec += boot_seconds;
	return now;
}

s64 time_seconds(void)
{
	return boot_seconds + tick_time.sec;
}

s64 time_boot_seconds(void)
{
	return boot_seconds;
}

u64 time_tsc_hz(void)
{
	return u64_muldiv(tsc_per_tick, NSEC_PER_SEC, NSEC_PER_TICK);
}

/* --- the tick ----------------------------------------------------------- */

static void calibrate(void)
{
	u32 span = ticks - 1;

	if (span == 0)
		first_tsc = tick_tsc;
	if (span == 0 || span > 1u << CAL_LAST || (span & (span - 1)))
		return;
	tsc_per_tick = (u32)u64_divmod(tick_tsc - first_tsc, span, NULL);
	if (tsc_per_tick)
		tsc_scale = (u32)u64_divmod((u64)NSEC_PER_TICK << SCALE_SHIFT,
					    tsc_per_tick, NULL);
}

static void count_tick(const struct trap_frame *frame)
{
	bool idle = current->pid == 0, user = frame_from_user(frame);

	if (idle)
		time_idle_ticks++;
	else if (user)
		time_user_ticks++;
	else
		time_system_ticks++;
	if ((idle || user) && (s32)(ticks - next_load_tick) >= 0) {
		next_load_tick = ticks + LOAD_TICKS;
		load_sample();
	}
}

void timer_tick(struct trap_frame *frame)
{
	ticks++;
	tick_time = time_add(tick_time,
			     (struct timespec64){ 0, NSEC_PER_TICK });
	tick_tsc = rdtsc();
	calibrate();
	count_tick(frame);
	timer_run();
	sched_tick(frame);
}

void time_init(void)
{
	boot_seconds = rtc_read();
}
