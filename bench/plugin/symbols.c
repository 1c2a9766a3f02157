// SPDX-License-Identifier: GPL-2.0
/* Read kernel symbols in the format of System.map and nm: address, type, name. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"

static char problem[256];

static int by_addr(const void *a, const void *b)
{
	const struct ledger_sym *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	/* Among aliases, listed functions come first, the others in order of names. */
	if ((x->func < 0) != (y->func < 0))
		return x->func < 0 ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* Find a listed function; the compiler's clones f.isra.0, f.constprop.1 are f. */
static int find_func(const struct ledger_func *funcs, const char *name)
{
	size_t len = strcspn(name, ".");

	/* .cold is a fragment that code jumps to, not a function. */
	if (strstr(name, ".cold"))
		return -1;
	for (int i = 0; funcs[i].name; i++)
		if (strlen(funcs[i].name) == len && !memcmp(funcs[i].name, name, len))
			return i;
	return -1;
}

static bool parse_line(char *line, struct ledger_sym *sym)
{
	char *rest, *name;

	sym->addr = strtoull(line, &rest, 16);
	if (rest == line || *rest != ' ' || !isgraph((unsigned char)rest[1]) || rest[2] != ' ')
		return false;
	name = rest + 3;
	name[strcspn(name, " \t\r")] = '\0';
	sym->name = strchr("tTwW", rest[1]) ? name : NULL;
	return *name;
}

static char *read_text(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t len;

	if (!f)
		return NULL;
	if (getdelim(&text, &len, '\0', f) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(f);
	return text;
}

const char *syms_load(struct ledger_syms *s, const char *path, const struct ledger_func *funcs)
{
	size_t room = 0, line = 0;
	char *next;

	*s = (struct ledger_syms){ 0 };
	s->text = read_text(path);
	if (!s->text) {
		snprintf(problem, sizeof(problem), "cannot read %s: %s", path, strerror(errno));
		return problem;
	}
	for (char *at = s->text; *at; at = next) {
		struct ledger_sym sym;

		line++;
		next = at + strcspn(at, "\n");
		if (*next)
			*next++ = '\0';
		if (!parse_line(at, &sym)) {
			snprintf(problem, sizeof(problem),
				 "%s:%zu: want lines like System.map's: address type name", path,
				 line);
			syms_free(s);
			return problem;
		}
		if (!sym.name)
			continue;
		sym.func = find_func(funcs, sym.name);
		if (s->nr == room) {
			room = room ? 2 * room : 4096;
			s->sym = realloc(s->sym, room * sizeof(*s->sym));
			if (!s->sym)
				abort();
		}
		s->sym[s->nr++] = sym;
	}
	if (!s->nr) {
		snprintf(problem, sizeof(problem), "%s holds no function", path);
		syms_free(s);
		return problem;
	}
	qsort(s->sym, s->nr, sizeof(*s->sym), by_addr);
	return NULL;
}

/* Return the function that contains pc: of aliases, the first one in by_addr(). */
const struct ledger_sym *syms_find(const struct ledger_syms *s, uint64_t pc)
{
	size_t low = 0, high = s->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->sym[mid].addr <= pc)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return NULL;
	for (low--; low && s->sym[low - 1].addr == s->sym[low].addr; low--)
		;
	return &s->sym[low];
}

void syms_free(struct ledger_syms *s)
{
	free(s->sym);
	free(s->text);
	*s = (struct ledger_syms){ 0 };
}
