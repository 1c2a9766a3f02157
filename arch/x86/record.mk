# SPDX-License-Identifier: GPL-2.0
# toolchains.mk describes each fact.
CROSS_x86     := x86_64-linux-gnu
UNAME_x86     := x86_64
DEBIAN_x86    := amd64
DEBCROSS_x86  := gcc-x86-64-linux-gnu libc6-dev-amd64-cross
IMAGE_x86     := arch/x86/boot/bzImage
QEMU_x86      := qemu-system-x86_64
DEBQEMU_x86   := qemu-system-x86
MACHINE_x86   := microvm,acpi=off,rtc=on
CPU_x86       := max,-rdrand,-rdseed
CPUS_FULL_x86 := qemu64
CONSOLE_x86   := ttyS0
APPEND_x86    := tsc=reliable lapic_timer_khz=1000000 no_timer_check random.trust_cpu=0 reboot=t
NUMA_MACHINE_x86 := q35,hmat=on
lb_x86         = -numa hmat-lb,hierarchy=memory,initiator=0,target=$(1),data-type=access-latency,latency=$(2) \
	-numa hmat-lb,hierarchy=memory,initiator=0,target=$(1),data-type=access-bandwidth,bandwidth=$(3)
NUMA_x86      := -object memory-backend-ram,id=m0,size=160M -object memory-backend-ram,id=m1,size=96M \
	-numa node,nodeid=0,memdev=m0,cpus=0-3 -numa node,nodeid=1,memdev=m1,initiator=0 \
	$(call lb_x86,0,100,100G) $(call lb_x86,1,300,25G)
STRESS_x86    := 8:64 16:128
SECONDS_x86   := 760 60
FLUSHES_x86   := kernel.ipi_received ledger.insn_initiator
