# SPDX-License-Identifier: MIT
# Units of real kernel files, built for the host with sanitizers.
#
#   build/host/NAME.t   from tests/host/NAME_test.c and $(HOST_SRCS_NAME);
#   a TAP program of its own. tests/host/NAME.t builds and runs it.
#
# Where the compiler has no 32-bit sanitizers, NAME.t is a script that says
# so and skips.

HOST_CC ?= gcc
HOST_OUT := build/host

HOST_TESTS := string printf bits vma frames ipc_id elf cpio

HOST_SRCS_string := lib/string.c
HOST_SRCS_printf := lib/printf.c lib/div64.c lib/string.c
HOST_SRCS_bits := lib/bitmap.c lib/div64.c lib/parse.c
HOST_SRCS_vma := mm/vma.c mm/vma_link.c mm/vma_avl.c
HOST_SRCS_frames := mm/page_alloc.c mm/kmalloc.c
HOST_SRCS_ipc_id := ipc/id.c
HOST_SRCS_elf := kernel/elf.c
HOST_SRCS_cpio := fs/cpio.c lib/parse.c

# What the host's C library has under the same name.
HOST_RENAMED := memcpy memmove memset memcmp strlen strnlen strcmp strncmp \
	strchr strrchr strstr strlcpy snprintf vsnprintf
HOST_RENAME := -fno-builtin $(foreach f,$(HOST_RENAMED),-D$(f)=k_$(f))
HOST_FLAGS_lib/string.c := $(HOST_RENAME)
HOST_FLAGS_lib/printf.c := $(HOST_RENAME)

HOST_SANITIZE := -m32 -fsanitize=address,undefined -fno-sanitize-recover=all
HOST_CFLAGS := $(HOST_SANITIZE) -std=gnu11 -O1 -g -fno-omit-frame-pointer \
	-fno-strict-aliasing -Wall -Wextra -Wno-unused-parameter -Werror \
	-I. -Iinclude -MMD -MP
HOST_COMMON := tests/host/tap.c tests/host/stubs.c

HOST_T := $(HOST_TESTS:%=$(HOST_OUT)/%.t)

host_objs = $(patsubst %.c,$(HOST_OUT)/%.o,$(HOST_SRCS_$(1)) $(HOST_COMMON) \
	tests/host/$(1)_test.c)

# Empty when 32-bit sanitizers work, else the reason.
$(HOST_OUT)/skip:
	@mkdir -p $(HOST_OUT)
	@echo 'int main(void) { return 0; }' > $(HOST_OUT)/probe.c
	@if $(HOST_CC) $(HOST_SANITIZE) -o $(HOST_OUT)/probe \
		$(HOST_OUT)/probe.c 2>/dev/null && $(HOST_OUT)/probe; then \
		: > $@; \
	else \
		echo "no 32-bit sanitizers here: install gcc-multilib" > $@; \
	fi

$(HOST_OUT)/%.o: %.c $(HOST_OUT)/skip
	@mkdir -p $(@D)
	@[ -s $(HOST_OUT)/skip ] && : > $@ || \
		$(HOST_CC) $(HOST_CFLAGS) $(HOST_FLAGS_$<) -c -o $@ $<

define HOST_RULE
$(HOST_OUT)/$(1).t: $(call host_objs,$(1))
	@if [ -s $(HOST_OUT)/skip ]; then \
		{ echo '#!/bin/sh'; \
		  echo "echo '1..0 # SKIP $$$$(cat $(HOST_OUT)/skip)'"; } > $$@; \
		chmod 755 $$@; \
	else \
		$(HOST_CC) $(HOST_SANITIZE) -o $$@ $$^; \
	fi
-include $(patsubst %.o,%.d,$(call host_objs,$(1)))
endef
$(foreach t,$(HOST_TESTS),$(eval $(call HOST_RULE,$(t))))
