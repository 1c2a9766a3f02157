/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What invalidations cover, by operand: Intel SDM volume 3, "Invalidation of TLBs
 * and Paging-Structure Caches".  The other CPU runs the same mm in the same PCID.
 */
#include "cover_cases.S"

	target x86_64

#define NOFLUSH	(1 << 63)
#define PAE	(1 << 5)
#define PGE	(1 << 7)
#define PCIDE	(1 << 17)
#define SMAP	(1 << 21)

	/* INVLPG: in the PCID that is current */
	owed 0, 1, 0xabc0, 1, 0, 0xabc0000, 0,	invlpg (%rdi)
	owed 0, 1, 0xabc0, 1, 5, 0xabc0fff, 0,	invlpg (%rdi)
	owed 1, 1, 0xabc0, 1, 0, 0xabc1000, 0,	invlpg (%rdi)
	owed 1, 1, 0xabc0, 1, 0, 0xabbffff, 0,	invlpg (%rdi)
	owed 0, 1, 0xabc0, 1, 0, 0xabc1000, 0,	invlpg -4096(%r12)
	owed 1, 1, 0xabc0, 1, 0, 0xabc0000, 0,	invlpg -4096(%r12)
	owed 31, 32, 0xabc0, 32, 0, 0xabc0000, 0,	invlpg (%rax)

	/* MOV to CR3: the PCID that it loads, if bit 63 is clear */
	owed 0, 32, 0xabc0, 32, 0, 0x1234000, 0,	mov %rax, %cr3
	owed 0, 32, 0xabc0, 32, 5, 0x1234005, 0,	mov %rax, %cr3
	owed 32, 32, 0xabc0, 32, 5, 0x1234006, 0,	mov %rax, %cr3
	owed 32, 32, 0xabc0, 32, 5, NOFLUSH | 0x1234005, 0,	mov %rax, %cr3
	owed 32, 32, 0xabc0, 32, 5, NOFLUSH | 0x1234006, 0,	mov %r15, %cr3

	/* MOV to CR4: the value before is that of CR4 itself */
	owed 0, 32, 0xabc0, 32, 5, PAE, PAE | PGE,	mov %rax, %cr4
	owed 0, 32, 0xabc0, 32, 5, PAE | PGE, PAE,	mov %rax, %cr4
	owed 0, 32, 0xabc0, 32, 5, PGE, PGE | PCIDE,	mov %rax, %cr4
	owed 32, 32, 0xabc0, 32, 5, PGE | PCIDE, PGE,	mov %rax, %cr4
	owed 32, 32, 0xabc0, 32, 5, PAE | PGE, PAE | PGE,	mov %rax, %cr4
	owed 32, 32, 0xabc0, 32, 5, PGE | SMAP, PGE,	mov %rax, %cr4

	/* INVPCID: type in the first register, PCID and address in memory */
	memory 5, 0xabc0000
	owed 0, 1, 0xabc0, 1, 5, 0x1000, 0,	invpcid (%rsp), %rax
	owed 1, 1, 0xabc0, 1, 6, 0x1000, 0,	invpcid (%rsp), %rax
	owed 31, 32, 0xabc0, 32, 5, 0x1000, 0,	invpcid (%rsp), %rax
	owed 0, 32, 0xabc0, 32, 5, 0x1000, 1,	invpcid 16(%r8), %r9
	owed 32, 32, 0xabc0, 32, 6, 0x1000, 1,	invpcid 16(%r8), %r9
	owed 0, 32, 0xabc0, 32, 6, 0x1000, 2,	invpcid (%rsp), %rax
	owed 0, 32, 0xabc0, 32, 6, 0x1000, 3,	invpcid (%rsp), %rax
	memory 5, 0xabc1000
	owed 1, 1, 0xabc0, 1, 5, 0x1000, 0,	invpcid (%rsp), %rax

	/* what invalidates nothing */
	owed 1, 1, 0xabc0, 1, 0, 0xabc0000, 0,	clflush (%rdi)
	owed 1, 1, 0xabc0, 1, 0, 0x1234000, 0,	mov %rax, %cr0
