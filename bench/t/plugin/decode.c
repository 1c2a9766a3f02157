// SPDX-License-Identifier: GPL-2.0
/*
 * Test decoders with the assembler: every record of an object file made from
 * arch/<a>/bench/t/decode.S.  usage: ledger_decode_test OBJECT...
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "elf_section.h"
#include "decode.h"

struct record {
	char want[128];
	uint64_t reg, mode;
	uint32_t len;
	uint8_t code[];
} __attribute__((packed));

static const struct ledger_arch *arch;
static char decoded[256];

static void append(const char *fmt, ...)
{
	size_t len = strlen(decoded);
	va_list ap;

	if (len && len < sizeof(decoded) - 1)
		decoded[len++] = ' ';
	va_start(ap, fmt);
	vsnprintf(decoded + len, sizeof(decoded) - len, fmt, ap);
	va_end(ap);
}

static void say_events(const struct ledger_insn *insn)
{
	unsigned int e;

	if (insn->events & EVENT_BIT(EVENT_IPI_SENT)) {
		if (insn->when_reg)
			append("ipi_sent?%s=%#" PRIx64, insn->when_reg, insn->when_value);
		else
			append("ipi_sent");
	}
	for (e = 0; arch->events[e].name; e++)
		if (insn->events & EVENT_BIT(EVENT_ARCH + e))
			append("%s", arch->events[e].name);
	if (insn->leaves)
		append("leaves%u", insn->leaves);
	for (e = 0; arch->events[e].name; e++)
		if (insn->taken & EVENT_BIT(EVENT_ARCH + e))
			append("%s?%u", arch->events[e].name, insn->takes);
}

static void say_tlb(const struct ledger_insn *insn)
{
	static const char *const op[] = {
		[TLB_PAGE] = "page", [TLB_PAGE_ANY] = "anypage", [TLB_SPACE] = "space",
		[TLB_ALL] = "all", [TLB_SWITCH] = "switch",
	};

	if (insn->tlb == TLB_NONE)
		return;
	if (!insn->tlb_reg)
		append("%s", op[insn->tlb]);
	else if (insn->tlb_reg[0] == 'r')	/* base and displacement */
		append("%s(%s%+d)", op[insn->tlb], insn->tlb_reg, (int)insn->tlb_arg);
	else
		append("%s(%s)", op[insn->tlb], insn->tlb_reg);
}

static void say_action(const struct ledger_insn *insn, uint64_t reg, uint64_t mode)
{
	struct ledger_tlb_action a;

	if (!reg)
		return;
	a = arch->tlb_action(insn, &(struct ledger_operands){ .reg = reg, .mode = mode });
	append("->");
	if (a.op == TLB_PAGE || a.op == TLB_PAGE_ANY)
		append("%#" PRIx64 "+%" PRIu64, a.first, a.pages);
	if (a.local)
		append("local");
	else
		append("space %u", a.space);
	if (a.broadcast)
		append("broadcast");
	if (a.flush)
		append("flush");
}

static void describe(const struct record *r, const char *symbol)
{
	static const char *const flow[] = {
		[FLOW_CALL] = "call", [FLOW_RET] = "ret", [FLOW_EXC_RET] = "excret",
		[FLOW_TRAP] = "trap",
	};
	struct ledger_insn insn = { .mark = LEDGER_NO_MARK };

	arch->decode(r->code, r->len, &insn);
	if (symbol && arch->refine)
		arch->refine(&insn, symbol);
	decoded[0] = '\0';
	say_events(&insn);
	if (insn.flow != FLOW_NEXT)
		append("%s", flow[insn.flow]);
	if (insn.mark != LEDGER_NO_MARK)
		append("mark%d%s%s", insn.mark, insn.mark_reg ? " " : "",
		    insn.mark_reg ? insn.mark_reg : "");
	if (insn.spin)
		append("spin");
	if (insn.device)
		append("device");
	say_tlb(&insn);
	say_action(&insn, r->reg, r->mode);
	if (!*decoded)
		append("-");
}

static void check_entry(const char *text)
{
	static const char *const name[] = {
		[ENTRY_NONE] = "none", [ENTRY_SYNC] = "sync", [ENTRY_ASYNC] = "async",
	};
	char symbol[64], want[16];
	uint64_t offset, pc;

	assert_int_equal(sscanf(text, "entry %63s %" SCNx64 " %" SCNx64 " %15s", symbol,
				&offset, &pc, want), 4);
	snprintf(decoded, sizeof(decoded), "%s",
		 name[arch->entry(strcmp(symbol, "-") ? symbol : NULL, offset, pc)]);
	if (strcmp(decoded, want))
		fail_msg("%s, but the decoder gives %s", text, decoded);
}

static void check_record(const struct record *r)
{
	char symbol[64] = "";
	const char *want = r->want;
	int skip = 0;

	if (!strncmp(want, "target ", 7)) {
		arch = ledger_find_arch(want + 7);
		if (!arch)
			fail_msg("no decoder for %s", want + 7);
		return;
	}
	assert_non_null(arch);
	if (!strncmp(want, "entry ", 6)) {
		check_entry(want);
		return;
	}
	if (sscanf(want, "in %63[^:]: %n", symbol, &skip) == 1)
		want += skip;
	describe(r, *symbol ? symbol : NULL);
	if (strcmp(decoded, want))
		fail_msg("%u bytes %02x %02x %02x %02x...: want '%s', got '%s'", r->len,
			 r->code[0], r->code[1], r->code[2], r->code[3], want, decoded);
}

static void check_object(void **state)
{
	struct elf_section s = elf_section(*state, ".cases");
	const char *at = s.start;
	unsigned int checked = 0;

	arch = NULL;
	while (at < s.end) {
		const struct record *r = (const struct record *)at;

		check_record(r);
		checked++;
		at += sizeof(*r) + ((r->len + 3) & ~3u);
	}
	printf("%s: %u records\n", (char *)*state, checked);
	assert_true(checked > 1);
	free(s.file);
}

int main(int argc, char **argv)
{
	struct CMUnitTest test[8];
	int i;

	if (argc < 2 || argc > 9) {
		fprintf(stderr, "usage: ledger_decode_test OBJECT... (1 to 8)\n");
		return 2;
	}
	for (i = 1; i < argc; i++)
		test[i - 1] = (struct CMUnitTest){ argv[i], check_object, NULL, NULL, argv[i] };
	return _cmocka_run_group_tests("ledger_decode", test, argc - 1, NULL, NULL) ? 1 : 0;
}
