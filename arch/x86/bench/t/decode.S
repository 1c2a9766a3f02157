/* SPDX-License-Identifier: GPL-2.0 */
#include "decode_cases.S"

	target x86_64

	insn "invlpg page(rdi+0)",		invlpg (%rdi)
	insn "invlpg page(r12+0)",		invlpg (%r12)
	insn "invlpg page(r13+0)",		invlpg (%r13)
	insn "invlpg page(rsp+8)",		invlpg 8(%rsp)
	insn "invlpg page(rax-4096)",		invlpg -4096(%rax)
	insn "invlpg page",			invlpg (%rax,%rbx,2)
	insn "invlpg page",			invlpg 0x1000(%rip)
	insn "invlpg page",			invlpg %gs:(%rax)
	insn_with 0x7f0000001234, "invlpg page(rdi+0) -> 0x7f0000001+1 local", invlpg (%rdi)
	insn "invpcid all(rsp+0)",		invpcid (%rsp), %rax
	insn "invpcid all(r8+16)",		invpcid 16(%r8), %r9
	insn "invlpgb",				invlpgb
	insn "tlbsync",				tlbsync
	insn "cr3_write switch(rax+0)",		mov %rax, %cr3
	insn "cr3_write switch(r15+0)",		mov %r15, %cr3
	insn_with 0x1234005, "cr3_write switch(rdi+0) -> space 5 flush",	mov %rdi, %cr3
	insn_with 0x8000000001234005, "cr3_write switch(rdi+0) -> space 5",	mov %rdi, %cr3
	insn "cr4_write all(rbx+0)",		mov %rbx, %cr4
	insn "ipi_sent?rcx=0x830",		wrmsr

	/* neighbours that are none of these */
	insn "-",	swapgs
	insn "-",	rdtscp
	insn "-",	mov %cr3, %rax
	insn "-",	mov %cr4, %rax
	insn "-",	mov %rax, %cr0
	insn "-",	mov %rax, %cr8
	insn "-",	lgdt (%rax)
	insn "-",	smsw %eax
	insn "-",	rdmsr
	insn "-",	pshufb %mm1, %mm0
	insn "-",	psmash
	insn "-",	rmpupdate

	/* the local APIC's window in the fixmap, and what is none */
	insn "device",	mov %esi, -0xa03000(%rdi)
	insn "device",	mov %eax, 0xffffffffff5fd300
	insn "device",	mov 0xffffffffff5fd300, %eax
	insn "device",	xchg %eax, 0xffffffffff5fd300
	insn "device",	movl $0, 0xffffffffff5fd0b0
	insn "-",	mov %esi, 0x300(%rdi)
	insn "-",	mov %esi, (%rdi)
	insn "-",	mov %esi, %edi
	insn "-",	mov %esi, -0xa03000(%rip)
	insn "-",	mov %esi, %gs:-0xa03000(%rdi)
	insn "-",	mov %esi, -8(%rbp)
	insn "-",	movl $0xff5fd300, 8(%rbp)

	insn "call",	call . + 0x1234
	insn "call",	call *%rax
	insn "call",	call *%r11
	insn "call",	call *8(%rbx)
	insn "-",	jmp *%rax
	insn "-",	jmp . + 0x1234
	insn "-",	push %rax
	insn "-",	incl (%rax)
	insn "ret",	ret
	insn "ret",	ret $8
	insn "ret",	rep ret
	insn "excret",	iretq
	insn "excret",	sysretq
	insn "trap",	syscall
	insn "trap",	int3
	insn "trap",	int $0x80
	insn "spin",	pause
	insn "-",	nop
	insn "-",	hlt

	insn "mark0",	nopl 0x746c6200(%rax)
	insn "mark1",	nopl 0x746c6201(%rax)
	insn "mark2",	nopl 0x746c6202(%rax)
	insn "mark3 rax",	nopl 0x746c6203(%rax)
	insn "-",	nopl 0x746c6204(%rax)
	insn "-",	nopl 0x746c6200(%rbx)
	insn "-",	nopl 0x746c(%rax)
	insn "-",	nopl 8(%rax)

	insn_in native_flush_tlb_local, "cr3_write full_flush switch(rax+0)", mov %rax, %cr3
	insn_in switch_mm_irqs_off, "cr3_write switch(rax+0)", mov %rax, %cr3
	insn_in flush_tlb_one_user, "invlpg page(rdi+0)", invlpg (%rdi)

	entry asm_exc_page_fault, 0, 0xffffffff81001280, sync
	entry asm_exc_page_fault, 5, 0xffffffff81001285, none
	entry asm_sysvec_call_function, 0, 0xffffffff810014d0, async
	entry asm_common_interrupt, 0, 0xffffffff81001380, async
	entry asm_load_gs_index, 0, 0xffffffff81001630, none
	entry -, 0, 0xffffffffff5fd400, none
