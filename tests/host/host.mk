# SPDX-License-Identifier: MIT
# Units of real kernel files, built for the host with sanitizers.
#
#   $(HOST_OUT)/NAME.t  from tests/host/NAME_test.c and $(HOST_SRCS_NAME);
#   a TAP program of its own. tests/host/NAME.t builds and runs it.
#
# Where the host's compiler has no 32-bit sanitizers, the one that builds the
# kernel ($(CC), perhaps a cross compiler) makes static programs with as many
# as these may have. Where they do not run, on an ARM host, NAME.t is a script
# that says so and skips.

HOST_CC ?= gcc
HOST_OUT ?= build/host

HOST_TESTS := string printf bits vma frames ipc_id elf cpio swap words

HOST_SRCS_string := lib/string.c
HOST_SRCS_printf := lib/printf.c lib/div64.c lib/string.c
HOST_SRCS_bits := lib/bitmap.c lib/div64.c lib/parse.c
HOST_SRCS_vma := mm/vma.c mm/vma_link.c mm/vma_avl.c
HOST_SRCS_frames := mm/page_alloc.c mm/page_copy.c mm/kmalloc.c
HOST_SRCS_ipc_id := ipc/id.c
HOST_SRCS_elf := kernel/exec/elf.c
HOST_SRCS_cpio := fs/tmpfs/cpio.c lib/parse.c
HOST_SRCS_words := lib/words.c
HOST_SRCS_swap := mm/swap/swap_slots.c mm/swap/swap_header.c

# What the host's C library has under the same name.
HOST_RENAMED := memcpy memmove memset memcmp strlen strnlen strcmp strncmp \
	strchr strrchr strlcpy snprintf vsnprintf
HOST_RENAME := -fno-builtin $(foreach f,$(HOST_RENAMED),-D$(f)=k_$(f))
HOST_FLAGS_lib/string.c := $(HOST_RENAME)
HOST_FLAGS_lib/printf.c := $(HOST_RENAME)

# Three ways, the first that makes a program which runs here is taken; it goes
# into $(HOST_OUT)/way. The last one is none at all.
HOST_WAY_1 := $(HOST_CC) -m32 -fsanitize=address,undefined \
	-fno-sanitize-recover=all
HOST_WAY_2 := $(CC) -m32 -static -fsanitize=undefined \
	-fsanitize-undefined-trap-on-error
HOST_WAY_3 := $(CC) -m32 -static
HOST_COMPILE = $$(cat $(HOST_OUT)/way)
HOST_CFLAGS := -U_FORTIFY_SOURCE -std=gnu11 -O1 -g1 -fno-omit-frame-pointer \
	-fno-strict-aliasing -Wall -Wextra -Wno-unused-parameter -Werror \
	-I. -Iinclude
HOST_COMMON := tests/host/tap.c tests/host/stubs.c

HOST_T := $(HOST_TESTS:%=$(HOST_OUT)/%.t)

host_objs = $(patsubst %.c,$(HOST_OUT)/%.o,$(HOST_SRCS_$(1)) $(HOST_COMMON) \
	tests/host/$(1)_test.c)

# Files get their names when they are whole; another compiler, another way.
.DELETE_ON_ERROR:
$(HOST_OUT)/way: $(wildcard $(HOST_OUT)/../.flags)
	@mkdir -p $(HOST_OUT)
	@echo 'int main(void) { return 0; }' > $(HOST_OUT)/probe.c
	@for way in '$(HOST_WAY_1)' '$(HOST_WAY_2)' '$(HOST_WAY_3)' ''; do \
		$$way -o $(HOST_OUT)/probe $(HOST_OUT)/probe.c 2>/dev/null && \
		$(HOST_OUT)/probe && break; done; echo "$$way" > $@.new
	@mv $@.new $@

$(HOST_OUT)/%.o: %.c $(HOST_OUT)/way
	@mkdir -p $(@D)
	@[ -z "$(HOST_COMPILE)" ] && : > $@ || { \
		$(HOST_COMPILE) $(HOST_CFLAGS) $(HOST_FLAGS_$<) -MMD -MP -MT $@ \
			-MF $@.d.new -c -o $@.new $< && \
		mv $@.d.new $(@:.o=.d) && mv $@.new $@; }

define HOST_RULE
$(HOST_OUT)/$(1).t: $(call host_objs,$(1))
	@if [ -z "$$(HOST_COMPILE)" ]; then \
		{ echo '#!/bin/sh'; \
		  echo "echo '1..0 # SKIP this host runs no i386 programs'"; \
		} > $$@; chmod 755 $$@; \
	else \
		$$(HOST_COMPILE) -o $$@.new $$^ && mv $$@.new $$@; \
	fi
-include $(patsubst %.o,%.d,$(call host_objs,$(1)))
endef
$(foreach t,$(HOST_TESTS),$(eval $(call HOST_RULE,$(t))))
