# SPDX-License-Identifier: MIT
# Faultline. `make help` lists the targets, docs/vm.md tells how to run it.
#
# Every folder of the kernel lists its sources in its dir.mk, one a line, in
# reading order:      SRCS += mm/vma.c	# areas: find, insert, split
# The files of the fault path also stand in HOP_SRCS, which keeps every call
# visible in gdb. user/dir.mk says what goes into the guest and how.

# --- configuration ---------------------------------------------------------
ON_X86 := $(filter x86_64 i%86,$(shell uname -m))
-include .tools/env.mk# tools/setup --user writes it: PATH, CROSS
BUILD  ?= release# or debug: -Og, the fault path -O0, in a folder of its own
CROSS  ?= $(if $(ON_X86),,i686-linux-gnu-)# prefix of the compiler
WERROR ?= 1#        0: go on after warnings of a newer compiler
V      ?=#          1: print the commands
O      ?= $(if $(filter debug,$(BUILD)),build-debug,build)
$(if $(word 2,$(O)),$(error O=$(O): make knows no file names with blanks))

# What is typed for a tool, CMD='echo "$x"', goes to it through the environment
# as GIVEN_CMD: neither make nor the shell reads it. So does make's own path.
$(foreach v,CMD AT TOUR PREDICT FOLDER ARGS MUTANT GROUPS MAKE_COMMAND,\
  $(eval unexport $v)$(eval export GIVEN_$v := $$(value $v)))

KERNEL_DIRS := boot kernel mm ipc fs drivers lib
DEBUG_O     := $(patsubst %-debug,%,$(O))-debug
CC          := $(CROSS)gcc
NM          := $(CROSS)nm
STRIP       := $(CROSS)strip
READELF     := $(CROSS)readelf
CLANG       := $(findstring clang,$(shell $(CC) --version 2>/dev/null))
export FAULTLINE_BUILD := $(O)
export CC NM STRIP READELF CROSS
ifeq ($(MAKELEVEL)$(filter clean,$(MAKECMDGOALS)),0)
MAKEFLAGS   += -j$(shell nproc)
endif
DRY         := $(findstring n,$(filter-out -%,$(firstword $(MAKEFLAGS))))
$(if $(DRY),,$(shell tools/build-stamp --clock $(O)))
MAKEFLAGS   += --no-builtin-rules
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
FORCE:

include $(KERNEL_DIRS:=/dir.mk)
include user/dir.mk

# --- how commands are shown ------------------------------------------------
Q   := $(if $(V),,@)
SAY  = @printf '  %-8s %s\n'
# A file gets its name when it is whole, so that a make that was killed leaves
# no halves: commands write $(NEW) between $(START) and $(DONE).
NEW   = $(@D)/.new/$(@F)
START = $Q mkdir -p $(@D)/.new
DONE  = $Q mv $(NEW) $@
# $(call need,PROGRAM,PACKAGE): one sentence when PROGRAM is missing
need = @command -v $1 >/dev/null || { echo "$1 is missing: apt-get install \
	$2, or tools/setup for all that is needed" | tr -s '\t ' ' ' >&2; exit 1; }

# --- flags -----------------------------------------------------------------
OPT       := $(if $(filter debug,$(BUILD)),-Og,-O2)
# the debug build keeps every variable, even one that is not used any more
HOP_OPT   := $(if $(filter debug,$(BUILD)),-O0,-Og) -fno-optimize-sibling-calls \
	$(if $(CLANG),-fno-inline-functions)# -Og of gcc implies it
WARN      := -Wall -Wextra -Wno-unused-parameter -Wshadow -Wundef -Wvla \
	-Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
	-Wpointer-arith -Wframe-larger-than=512
FATAL     := $(if $(filter 0,$(WERROR)),,-Werror)
# For the compiler this folder is /proc/self/cwd, and for gdb it is ".": its
# real name would be read by make and by the shell, and would change the kernel.
HERE      := /proc/self/cwd
COMPILE   := PWD=$(HERE) $(CC)
COMMON    := -m32 -march=i686 -std=gnu11 -fno-strict-aliasing \
	-ffile-prefix-map=$(HERE)=. $(shell tools/guestcc --flags) $(FATAL) \
	$(if $(CLANG),-gdwarf-4)
KFLAGS    := $(COMMON) -g3 $(WARN) -ffreestanding -fno-pic \
	-mgeneral-regs-only -fno-asynchronous-unwind-tables \
	-fno-omit-frame-pointer -fno-common -I. -Iinclude
# clang's own assembler pushes es as 16 bits, and knows no frames of traps
ASFLAGS   := $(if $(CLANG),-fno-integrated-as)
LDFLAGS   := -m32 -nostdlib -static -Wl,-T,boot/kernel.lds \
	-Wl,--build-id=none -Wl,-z,max-page-size=0x1000 -Wl,-z,noexecstack
NASMFLAGS := -f elf32 -g -F dwarf -I./ -Iinclude/
UFLAGS    := $(COMMON) -g $(OPT) -Wall -Wextra -Iuser -Iinclude \
	-fno-asynchronous-unwind-tables \
	$(if $(CLANG),,-fno-reorder-blocks-and-partition)
ULDFLAGS  := -no-pie -Wl,-z,noseparate-code,-z,norelro,-z,lazy \
	-Wl,--build-id=none,--hash-style=gnu

# --- kernel ----------------------------------------------------------------
obj        = $(addprefix $(O)/,$(addsuffix .o,$1))
KOBJS     := $(call obj,$(SRCS))
$(call obj,$(HOP_SRCS)): OPT := $(HOP_OPT)

# an object, and in .d what it includes
OBJECT     = -MMD -MP -MT $@ -c -o $(NEW) $<
DONE_OBJ   = $Q mv $(NEW:.o=.d) $(NEW) $(@D)

$(KOBJS): $(O)/.flags

$(O)/%.c.o: %.c
	$(SAY) CC $<
	$(START)
	$Q $(COMPILE) $(KFLAGS) $(OPT) $(OBJECT)
	$(DONE_OBJ)

$(O)/%.S.o: %.S
	$(SAY) AS $<
	$(START)
	$Q $(COMPILE) $(KFLAGS) $(ASFLAGS) -D__ASSEMBLY__ $(OBJECT)
	$(DONE_OBJ)

$(O)/%.asm.o: %.asm tools/asm-dir
	$(SAY) NASM $<
	$(START)
	$Q nasm $(NASMFLAGS) -MD $(NEW:.o=.d) -MP -MT $@ -o $(NEW) $<
	$Q tools/asm-dir $(NEW)
	$(DONE_OBJ)

# Linked twice: the names of the functions are known after the first link.
$(O)/kernel.1: $(KOBJS) boot/kernel.lds
	$(SAY) LINK $@
	$(START)
	$Q $(CC) $(LDFLAGS) -o $(NEW) $(KOBJS)
	$(DONE)

$(O)/ksyms.asm: $(O)/kernel.1 tools/ksyms
	$(SAY) KSYMS $@
	$(START)
	$Q $(NM) -n $< | tools/ksyms >$(NEW)
	$(DONE)

$(O)/ksyms.asm.o: $(O)/ksyms.asm
	$(START)
	$Q nasm -f elf32 -o $(NEW) $<
	$(DONE)

$(O)/kernel.elf: $(O)/kernel.1 $(O)/ksyms.asm.o
	$(SAY) LINK $@
	$(START)
	$Q $(CC) $(LDFLAGS) -o $(NEW) $(KOBJS) $(O)/ksyms.asm.o
	$(DONE)

# --- programs of the guest -------------------------------------------------
# NAME.debug has symbols for gdb, NAME is what the guest gets. They stand at
# fixed addresses, so that gdb and a listing agree with what runs.
$(foreach t,$(USER_TOOLS),$(eval USER_SRCS_$t ?= user/$t.c)\
  $(eval USER_PATH_$t ?= /bin/$t))
PROGS     := $(USER_PROGS) $(USER_TOOLS)
UPROGS    := $(addprefix $(O)/user/bin/,$(PROGS))
builtobj   = $(patsubst %,$(O)/user/builtin/%.o,$1)
userobj    = $(patsubst %,$(O)/%.o,$(USER_SRCS_$1)) \
	$(call builtobj,$(USER_BUILTIN_$1))
BUILTINS  := $(sort $(foreach p,$(PROGS),$(USER_BUILTIN_$p)))
UOBJS     := $(sort $(call obj,$(foreach p,$(PROGS),$(USER_SRCS_$p))))

$(UOBJS) $(call builtobj,$(BUILTINS)): $(O)/.flags

$(UOBJS): $(O)/%.c.o: %.c
	$(SAY) USERCC $<
	$(START)
	$Q $(COMPILE) $(UFLAGS) $(OBJECT)
	$(DONE_OBJ)

$(call builtobj,$(BUILTINS)): $(O)/user/builtin/%.o: user/%.c
	$(SAY) USERCC $<
	$(START)
	$Q $(COMPILE) $(UFLAGS) -Dmain=$*_main $(OBJECT)
	$(DONE_OBJ)

define user_program
$(O)/user/bin/$1.debug: $(call userobj,$1)
	$(SAY) USERLD $$@
	$$(START)
	$Q $(CC) -m32 $(if $(filter $1,$(USER_STATIC)),-static,$(ULDFLAGS)) \
	  -o $$(NEW) $$^
	$$(DONE)
endef
$(foreach p,$(PROGS),$(eval $(call user_program,$p)))

# Libraries for LD_PRELOAD, /lib/NAME.so; what they call is in the C library.
ULIBS     := $(addsuffix .so,$(addprefix $(O)/user/bin/,$(USER_LIBS)))

$(ULIBS): $(O)/user/bin/%.so: user/%.c $(O)/.flags
	$(SAY) USERLIB $@
	$(START)
	$Q $(COMPILE) $(UFLAGS) -fPIC -shared -nostdlib -s -Wl,--build-id=none \
	  -o $(NEW) $<
	$(DONE)

$(UPROGS): %: %.debug
	$(START)
	$Q $(STRIP) -o $(NEW) $<
	$(DONE)

# The C library and the loader they need, from this machine's compiler.
$(O)/user/lib/list: $(UPROGS) tools/guestlibs
	$(SAY) LIBS $(@D)
	$Q tools/guestlibs -o $(@D) $(UPROGS)

# --- images ----------------------------------------------------------------
# What tools/vm brings along itself (below /.vm) is not in the image.
parts      = $(subst :, ,$1)
IMG_PROGS := $(foreach p,$(PROGS),$(if $(filter /.vm/%,$(USER_PATH_$p)),,$p))
UFILES    := $(foreach f,$(USER_FILES),$(word 1,$(call parts,$f)))

define initrd_list
$(foreach d,$(USER_DIRS),dir $(word 2,$(call parts,$d)) $(word 1,$(call parts,$d)) $(wordlist 3,4,$(call parts,$d))
)$(foreach p,$(IMG_PROGS),file $(or $(USER_MODE_$p),755) $(USER_PATH_$p) $(O)/user/bin/$p
)$(foreach l,$(USER_LIBS),file 755 /lib/$l.so $(O)/user/bin/$l.so
)$(foreach l,$(USER_LINKS),$(word 1,$(call parts,$l)) $(word 2,$(call parts,$l)) $(word 3,$(call parts,$l))
)$(foreach f,$(USER_FILES),file $(word 3,$(call parts,$f)) $(word 2,$(call parts,$f)) $(word 1,$(call parts,$f))
)
endef

$(O)/initrd.list: export LIST = $(initrd_list)
$(O)/initrd.list: user/dir.mk Makefile | $(O)/.flags
	$(START)
	@printf '%s\n' "$$LIST" >$(NEW)
	$(DONE)

$(O)/initrd: $(O)/initrd.list $(O)/user/lib/list $(UPROGS) $(ULIBS) $(UFILES) \
  tools/mkinitrd tools/vmlib/newc.py
	$(SAY) INITRD $@
	$Q cat $(O)/initrd.list $(O)/user/lib/list >$@.all
	$Q tools/mkinitrd -o $@ $@.all

$(O)/faultline.iso: $(O)/kernel.elf $(O)/initrd boot/grub.cfg tools/mkiso \
  tools/vmlib/iso.py
	$(SAY) ISO "$@ (for a BIOS: CD, USB stick or disk; no UEFI)"
	$(START)
	$Q tools/mkiso -o $(NEW) --kernel $(O)/kernel.elf --initrd $(O)/initrd \
	  --grub-cfg boot/grub.cfg
	$(DONE)

# --- stamp -----------------------------------------------------------------
FLAGS_NOW := $(strip $(CC) $(KFLAGS) $(OPT) $(HOP_OPT) $(HOP_SRCS) $(LDFLAGS) \
	$(UFLAGS) $(ULDFLAGS))
$(O)/.flags: export FLAGS := $(FLAGS_NOW)
$(O)/.flags: export KFLAGS := $(KFLAGS)
$(O)/.flags: FORCE
	@tools/build-stamp $@

-include $(KOBJS:.o=.d) $(UOBJS:.o=.d) \
	$(patsubst %.o,%.d,$(call builtobj,$(BUILTINS)))

# --- targets ---------------------------------------------------------------
.PHONY: all run iso gdb tour record replay trace web test test-host test-user \
	test-boot test-web test-slow test-mutants test-cost \
	bench lint format docs-check lab-check size book clean help FORCE

##@ build
all: $(O)/kernel.elf $(O)/initrd	## kernel and initrd, in build/
iso: $(O)/faultline.iso	## the GRUB ISO: CD or USB stick, BIOS only; byte for byte the same
clean:	## remove what was built
	$(SAY) CLEAN '$(O) $(DEBUG_O)'
	$Q rm -rf $(O) $(DEBUG_O) $(O)-mutants

##@ run
run: all	## boot to a shell, this terminal is the console
	@tools/vm
trace: all	## the worked example as a trace: trace.jsonl, trace.html; CMD=
	@tools/vm --icount --trace $(O)/trace.jsonl -- \
	  "$${GIVEN_CMD:-testwrite; testread}"
	@tools/trace-view $(O)/trace.jsonl -o $(O)/trace.html
	@echo 'the events: $(O)/trace.jsonl, to look at: $(O)/trace.html'

web: all	## the machine in a web page: a folder for any file server
	@tools/web -o $(O)/web
	@echo 'to look at it: python3 -m http.server -d $(O)/web'

##@ debug
debug-build = @+"$$GIVEN_MAKE_COMMAND" --no-print-directory BUILD=debug O=$(DEBUG_O)
gdb:	## stop the debug build at its start; CMD='testread', AT=shm_swap_in
	$(call need,gdb,gdb)
	$(debug-build)
	@CMD=$$GIVEN_CMD AT=$$GIVEN_AT FAULTLINE_BUILD=$(DEBUG_O) \
	  tools/gdb/start "$${GIVEN_CMD:-testwrite; testread}"
tour:	## a guided walk in gdb: TOUR=fault, shm, swap or fork; PREDICT=1
	$(call need,gdb,gdb)
	$(debug-build)
	@FAULTLINE_BUILD=$(DEBUG_O) tools/gdb/start --tour \
	  "$${GIVEN_TOUR:-fault}" $${GIVEN_PREDICT:+--predict}
record:	## record a run of CMD for make replay; ARGS='--boot iso --swap 16M'
	$(debug-build) all $(if $(findstring iso,$(value ARGS)),iso)
	@eval "set -- $$GIVEN_ARGS"; FAULTLINE_BUILD=$(DEBUG_O) \
	  tools/record "$$@" $${GIVEN_CMD:+-- "$$GIVEN_CMD"}
replay:	## go through it again in gdb, backwards as well
	$(call need,gdb,gdb)
	@FAULTLINE_BUILD=$(DEBUG_O) tools/gdb/start --replay \
	  "$${GIVEN_FOLDER:-$(DEBUG_O)/record}"

##@ test
TEST_ISO := $(if $(ON_X86),iso)# GRUB's modules are packaged for PCs only
test: all $(TEST_ISO)	## everything; README.md says what it costs
	@tools/run-tests user boot stage compat kernel host abi tools web
test-host:	## units of the kernel on this machine; layouts; tools
	@tools/run-tests host abi tools
test-user: all	## programs whose output is that of Linux
	@tools/run-tests user
test-boot: all $(TEST_ISO)	## whole machines: QEMU, the ISO, Bochs
	@tools/run-tests kernel boot stage
test-mutants: all	## kernels with one mistake fail its test; MUTANT=B07
	@set -f; tools/mutants $$GIVEN_MUTANT
test-web: all	## the pages, in node and Chromium: tools/setup --web
	@tools/run-tests web web/slow
test-cost:	## what each file of make test took, in processor seconds
	@tools/test-cost
test-slow: all $(TEST_ISO)	## long runs
	@tools/run-tests slow
bench: all	## instructions beside goal and Linux; GROUPS='fault vma'
	@set -f; tools/bench $$GIVEN_GROUPS

##@ quality
lint:	## the rules of CONTRIBUTING.md a script can check
	@tools/lint
format:	## clang-format over all C
	$(call need,clang-format,clang-format)
	@files=$$(tools/lint --list) && echo "$$files" | grep '\.[ch]$$' | \
	  grep -vE '^bench|entry_defs' | tr '\n' '\0' | xargs -0 clang-format -i
docs-check:	## what documents and comments say of the tree is so
	@tools/docs-check
lab-check:	## every lab builds and passes
	@if ls labs/*/manifest >/dev/null 2>&1; then tools/lab check; \
	  else echo "there are no labs yet"; fi
size: $(O)/kernel.elf	## lines a ring and a folder, bytes of the image
	@tools/size
book:	## the core in reading order: build/book.html, book.pdf
	@mkdir -p $(O) && tools/book
help:	## this list
	@awk '/^##@/ { print substr($$0, 5) } match($$0, /\t## /) { \
	  target = $$1; sub(/:.*/, "", target); \
	  printf "  %-13s%s\n", target, substr($$0, RSTART + 4) }' Makefile
