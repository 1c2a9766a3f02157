/* SPDX-License-Identifier: GPL-2.0 */
/* A section of an object file that the assembler filled with cases. */
#ifndef ELF_SECTION_H
#define ELF_SECTION_H

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct elf_section {
	char *file;		/* to be freed */
	const char *start, *end;
};

static inline char *read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *data = NULL;
	long size;

	if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) < (long)sizeof(Elf64_Ehdr)) {
		fprintf(stderr, "%s: not an object file\n", path);
		exit(125);
	}
	rewind(f);
	data = malloc(size);
	if (!data || fread(data, size, 1, f) != 1)
		exit(125);
	fclose(f);
	return data;
}

/* Empty if there is none. */
static inline struct elf_section elf_section(const char *path, const char *name)
{
	struct elf_section s = { .file = read_file(path) };
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)s.file;
	const Elf64_Shdr *sh = (const Elf64_Shdr *)(s.file + eh->e_shoff);
	const char *names = s.file + sh[eh->e_shstrndx].sh_offset;
	unsigned int i;

	for (i = 0; i < eh->e_shnum; i++) {
		if (strcmp(names + sh[i].sh_name, name))
			continue;
		s.start = s.file + sh[i].sh_offset;
		s.end = s.start + sh[i].sh_size;
	}
	return s;
}

#endif
