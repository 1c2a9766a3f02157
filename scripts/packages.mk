# SPDX-License-Identifier: GPL-2.0
# The Debian packages that the project needs, and the emulators.

# Packages with an architecture's compiler, and those that the tool alone needs
compiler = $(foreach p,$(DEBCROSS_$(1)),$(CROSS_$(1))-gcc=$(p))
DEPS_TOOL := make=make gcc=gcc awk=gawk /usr/include/stdio.h=libc6-dev
deps:
	@$(SH)/deps.sh $(DEPS_TOOL) git=git xz=xz-utils flex=flex bison=bison bc=bc ccache=ccache \
	  cpio=cpio gelf.h=libelf-dev openssl/ssl.h=libssl-dev cmocka.h=libcmocka-dev shellcheck=shellcheck \
	  mawk=mawk busybox=busybox original-awk=original-awk \
	  gnuplot=gnuplot-nox sqlite3.h=libsqlite3-dev spin=spin mandoc=mandoc kmod=kmod pgrep=procps \
	  $(foreach a,$(ARCHES),$(QEMU_$(a))=$(DEBQEMU_$(a)) $(call compiler,$(a)))
# The oldest emulator of an architecture: as given on the command line, or of its record
oldest = $(or $(if $(filter command%,$(origin QEMU_MIN)),$(QEMU_MIN)),$(QEMU_MIN_$(1)),$(QEMU_MIN))
emulators:
	@$(foreach a,$(ARCHES),$(SH)/qemu.sh $(QEMU_$(a)) $(call oldest,$(a)) $(QEMU_MAX) &&) :
