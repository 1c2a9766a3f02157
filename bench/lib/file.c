// SPDX-License-Identifier: GPL-2.0
/* Read and write files of /proc and /sys: small ones, and others of any length. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib.h"

#define TEXT_FIRST	(64u << 10)

/* Write a text like "echo >path": the truncation clears some files of tracefs. */
int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC), err;
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	err = n < 0 ? -errno : n == (ssize_t)strlen(text) ? 0 : -EIO;
	close(fd);
	return err;
}

void file_must_write(const char *path, const char *text)
{
	int err = file_write(path, text);

	if (err)
		fatal(EXIT_BROKEN, "%s: cannot write \"%s\": %s", path, text, strerror(-err));
}

/*
 * Read as much of a file as fits, and end it with '\0': files of /proc are read a
 * page at a time. Without a file the text is empty.
 */
ssize_t file_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = fd < 0 ? -errno : 0;
	size_t len = 0;
	ssize_t n = 1;

	while (!err && n && len < size - 1) {
		n = read(fd, text + len, size - 1 - len);
		if (n > 0)
			len += n;
		else if (n < 0 && errno != EINTR)
			err = -errno;
	}
	if (fd >= 0)
		close(fd);
	text[len] = '\0';
	return err ? err : (ssize_t)len;
}

/*
 * Make room for that many bytes. The memory is shared, so that a child that writes
 * to it copies no page. Smaller memory stays mapped, because unmapping it would
 * flush TLBs in the middle of a measurement.
 */
void text_reserve(struct text *t, size_t size)
{
	char *s;

	if (size <= t->size)
		return;
	s = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s == MAP_FAILED)
		fatal(EXIT_BROKEN, "no memory for a file of %zu bytes: %s", size, strerror(errno));
	if (t->s)
		memcpy(s, t->s, t->len);
	t->s = s;
	t->size = size;
}

/* Read an open file from its start; the text is empty if it cannot be read. */
void text_read(struct text *t, int fd)
{
	text_reserve(t, TEXT_FIRST);
	for (t->len = 0;;) {
		ssize_t got = pread(fd, t->s + t->len, t->size - 1 - t->len, t->len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		t->len += got;
		if (t->len == t->size - 1)
			text_reserve(t, 2 * t->size);
	}
	t->s[t->len] = '\0';
}

/* Read a file; return false, with errno, if it cannot be opened. */
bool text_file(struct text *t, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	text_reserve(t, TEXT_FIRST);
	t->len = 0;
	t->s[0] = '\0';
	if (fd < 0)
		return false;
	text_read(t, fd);
	close(fd);
	return true;
}
