/* SPDX-License-Identifier: MIT */
/*
 * Three serial lines (16550A UARTs), 8 data bits, no parity, 115200 baud.
 *
 *   port 0  COM1  console and log; input by interrupt -> /dev/ttyS0
 *   port 1  COM2  what tools/vm reads: drivers/vmchan.c
 *   port 2  COM3  the trace
 *
 * Output is polled, so that it works from a panic: wait until the
 * transmitter's FIFO is empty, then fill it. A port that does not answer is
 * absent, and writing to it does nothing.
 *
 * Input is never dropped here: what has come before serial_init() is kept, and
 * when the terminal's ring is full, bytes stay in the UART, and behind it with
 * the sender (QEMU reads no more of its own input), until a reader makes room.
 *
 * INV-SE1 after serial_init() a port is used only if `fifo` is not 0.
 * INV-SE2 after serial_irq_init() COM1 interrupts exactly while not `held`.
 *
 * Context: serial_write() from any. Two writers to one port interleave
 * between FIFO loads; where that matters, their callers take a lock.
 * Registers: National Semiconductor PC16550D data sheet, section 8.
 */
#include <drivers/drivers.h>
#include <kernel/trap.h>
#include <x86/cpu.h>
#include <x86/io.h>

#define UART_DATA 0 /* RBR, THR; divisor low with LCR_DLAB */
#define UART_IER 1 /* interrupt enable; divisor high with LCR_DLAB */
#define UART_FCR 2 /* FIFO control, written */
#define UART_IIR 2 /* interrupt identification, read */
#define UART_LCR 3
#define UART_MCR 4
#define UART_LSR 5
#define UART_SCRATCH 7

#define IER_RECEIVED 0x01
#define FCR_ENABLE_CLEAR 0x07 /* FIFOs on, both emptied */
#define IIR_FIFO 0xC0 /* both bits: a FIFO that works */
#define LCR_8N1 0x03
#define LCR_DLAB 0x80
#define MCR_DTR_RTS_OUT2 0x0B /* OUT2 lets the interrupt through */
#define MCR_LOOPBACK 0x10 /* nothing comes in from outside */
#define LSR_RECEIVED 0x01
#define LSR_THR_EMPTY 0x20
#define LSR_ALL_SENT 0x40

#define DIVISOR_115200 1
#define FIFO_SIZE 16
#define RESET_POLLS 1000 /* an idle transmitter is empty at once */
#define IRQ_COM1 4

struct uart {
	u16 base; /* first I/O port */
	u16 fifo; /* bytes it takes at once; 0: absent */
};

static char early[FIFO_SIZE]; /* came before serial_init() */
static u32 early_len;
static bool held; /* the ring was full, nothing is received */

static struct uart uarts[] = { { 0x3F8, 0 }, { 0x2F8, 0 }, { 0x3E8, 0 } };

/* A register that holds two patterns belongs to a UART. */
static bool holds_patterns(const struct uart *uart)
{
	outb(uart->base + UART_SCRATCH, 0x5A);
	if (inb(uart->base + UART_SCRATCH) != 0x5A)
		return false;
	outb(uart->base + UART_SCRATCH, 0xA5);
	return inb(uart->base + UART_SCRATCH) == 0xA5;
}

static bool uart_present(const struct uart *uart)
{
	u32 polls;

	if (!holds_patterns(uart))
		return false;
	for (polls = 0; polls < RESET_POLLS; polls++)
		if (inb(uart->base + UART_LSR) & LSR_THR_EMPTY)
			return true;
	return false;
}

static bool received(const struct uart *uart)
{
	return inb(uart->base + UART_LSR) & LSR_RECEIVED;
}

/* Before the FIFO is switched on, which empties it and the receiver. */
static void keep_early(const struct uart *uart)
{
	outb(uart->base + UART_LCR, LCR_8N1);
	outb(uart->base + UART_MCR, MCR_LOOPBACK);
	while (early_len < sizeof(early) && received(uart))
		early[early_len++] = inb(uart->base + UART_DATA);
}

static void uart_init(struct uart *uart)
{
	if (uart == &uarts[0] && holds_patterns(uart))
		keep_early(uart);
	outb(uart->base + UART_IER, 0);
	outb(uart->base + UART_LCR, LCR_DLAB);
	outb(uart->base + UART_DATA, DIVISOR_115200);
	outb(uart->base + UART_IER, DIVISOR_115200 >> 8);
	outb(uart->base + UART_LCR, LCR_8N1);
	outb(uart->base + UART_FCR, FCR_ENABLE_CLEAR);
	outb(uart->base + UART_MCR, MCR_DTR_RTS_OUT2);
	if (!uart_present(uart))
		return;
	uart->fifo = 1;
	if ((inb(uart->base + UART_IIR) & IIR_FIFO) == IIR_FIFO)
		uart->fifo = FIFO_SIZE;
}

/* No limit: a terminal that was stopped delays us, it loses nothing. */
static void uart_wait(const struct uart *uart, u8 lsr_bit)
{
	while (!(inb(uart->base + UART_LSR) & lsr_bit))
		;
}

/* Interrupts are off: a second writer would overfill the FIFO. */
static void uart_load(const struct uart *uart, const char *data, u32 len)
{
	u32 flags = irq_save(), i;

	uart_wait(uart, LSR_THR_EMPTY);
	for (i = 0; i < len; i++)
		outb(uart->base + UART_DATA, data[i]);
	irq_restore(flags);
}

static void com1_interrupt(struct trap_frame *frame)
{
	const struct uart *uart = &uarts[0];

	while (received(uart)) {
		if (!tty_has_room(TTY_SERIAL)) {
			held = true;
			outb(uart->base + UART_IER, 0);
			return;
		}
		tty_receive(TTY_SERIAL, inb(uart->base + UART_DATA));
	}
}

void serial_go_on(void)
{
	u32 flags = irq_save();

	if (held && tty_has_room(TTY_SERIAL)) {
		held = false;
		outb(uarts[0].base + UART_IER, IER_RECEIVED);
	}
	irq_restore(flags);
}

void serial_init(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(uarts); i++)
		uart_init(&uarts[i]);
}

bool serial_present(u32 port)
{
	return uarts[port].fifo != 0;
}

void serial_write(u32 port, const char *data, u32 len)
{
	const struct uart *uart = &uarts[port];
	u32 n;

	while (uart->fifo && len) {
		n = MIN(len, uart->fifo);
		uart_load(uart, data, n);
		data += n;
		len -= n;
	}
}

void serial_drain(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(uarts); i++)
		if (uarts[i].fifo)
			uart_wait(&uarts[i], LSR_ALL_SENT);
}

void serial_irq_init(void)
{
	u32 i;

	if (!uarts[0].fifo)
		return;
	for (i = 0; i < early_len; i++)
		tty_receive(TTY_SERIAL, early[i]);
	/* QEMU offers what it holds back when a byte is read, not before. */
	if (!received(&uarts[0]))
		inb(uarts[0].base + UART_DATA);
	irq_register(IRQ_COM1, com1_interrupt, "serial");
	outb(uarts[0].base + UART_IER, IER_RECEIVED);
}
