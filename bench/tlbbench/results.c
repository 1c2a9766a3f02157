// SPDX-License-Identifier: GPL-2.0
/*
 * Write results to standard output and, with --output=DIR, also to DIR/results.csv and
 * DIR/envelope.json. Only a complete and valid run changes these two files. The CSV
 * grows under a temporary name, which is also the lock: a second run in the same
 * directory is refused. At the end the envelope is renamed first, then the CSV. The
 * envelope has the hash of the CSV, so that a crash between the two is noticed.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tlbbench.h"

#define RESULTS		"results.csv"
#define ENVELOPE	"envelope.json"
#define TEMPORARY	".tmp"

static struct emitter out, csv = { .format = FORMAT_CSV, .header = true };
static const char *dir;		/* NULL without --output */
static char results[PATH_MAX], envelope[PATH_MAX], results_tmp[PATH_MAX], envelope_tmp[PATH_MAX];
static bool made_dir, begun, ended;
static int out_errno;		/* why standard output could not be written, with --output */
static pid_t owner;

static _Noreturn void cannot_write(const char *what, int err)
{
	fatal(EXIT_BROKEN, "cannot write %s: %s", what, strerror(err));
}

/* Report an unusable directory as a usage error, but not a full disk. */
static _Noreturn void cannot_make(const char *what, int err)
{
	static const int disk[] = { ENOSPC, EDQUOT, EIO, EMFILE, ENFILE, ENOMEM, ENOLCK };

	for (unsigned int i = 0; i < ARRAY_SIZE(disk); i++) {
		if (err == disk[i])
			cannot_write(what, err);
	}
	fatal(EXIT_USAGE, "--output: cannot make %s: %s: name another directory", what,
	      strerror(err));
}

/* Read the start of a file; false, with an empty text, if it cannot be read. */
static bool read_start(const char *path, char *text, size_t size)
{
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(text, 1, size - 1, f) : 0;

	text[n] = '\0';
	if (f)
		fclose(f);
	return f;
}

/* Check a temporary file: one that a killed run has left begins like its file. */
static void check_temporary(const char *path, const char *start)
{
	char text[sizeof(CSV_HEADER)] = "";
	size_t n = strlen(start);
	struct stat st;

	if (lstat(path, &st))
		return;
	if ((size_t)st.st_size < n)
		n = st.st_size;
	if (S_ISREG(st.st_mode) && read_start(path, text, sizeof(text)) && !strncmp(text, start, n))
		return;
	fatal(EXIT_USAGE, "--output: %s was not written by this program: name another directory",
	      path);
}

/* Refuse to replace files that no run of this kind has written. */
static void check_kind(void)
{
	char text[65536];

	check_temporary(results_tmp, CSV_HEADER);
	check_temporary(envelope_tmp, ENVELOPE_START);
	if (access(results, F_OK) && access(envelope, F_OK))
		return;
	if (read_start(results, text, sizeof(text)) &&
	    strncmp(text, CSV_HEADER, strlen(CSV_HEADER)))
		fatal(EXIT_USAGE, "--output: %s is not a result of this program: name another "
		      "directory", results);
	if (!read_start(envelope, text, sizeof(text)) || !strstr(text, "\"arguments\":"))
		fatal(EXIT_USAGE, "--output: %s is missing, or was not written by this program: "
		      "name another directory", envelope);
}

static _Noreturn void refuse_second(pid_t holder)
{
	char who[32] = "another process";	/* of no number here: in another PID namespace */

	if (holder > 0)
		snprintf(who, sizeof(who), "process %d", (int)holder);
	fatal(EXIT_BROKEN, "--output: %s is writing to %s: wait for its end, or name another "
	      "directory", who, dir);
}

/*
 * Take a POSIX record lock: no child inherits it, and it ends with this process. An
 * earlier run may have renamed the file between open() and the lock.
 */
static int lock(void)
{
	for (;;) {
		int fd = open(results_tmp, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
		struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		struct stat opened, named;

		if (fd < 0)
			cannot_make(results_tmp, errno);
		if (fcntl(fd, F_SETLK, &l)) {
			if (errno != EACCES && errno != EAGAIN)
				cannot_write(results_tmp, errno);
			/* a kernel without CONFIG_FILE_LOCKING refuses both, in these ways */
			if (fcntl(fd, F_GETLK, &l) && errno == EINVAL) {
				log_skip("--output: this kernel has no file locks: a second run would not be refused");
			} else if (l.l_type == F_UNLCK) {
				close(fd);	/* it has become free */
				continue;
			} else {
				refuse_second(l.l_pid);
			}
		}
		if (!fstat(fd, &opened) && !stat(results_tmp, &named) &&
		    opened.st_ino == named.st_ino && opened.st_dev == named.st_dev) {
			if (ftruncate(fd, 0))
				cannot_write(results_tmp, errno);
			return fd;
		}
		close(fd);
	}
}

/* Check whether standard output has an end. A form of test systems has none if cells are missing. */
static bool ends_itself(void)
{
	return out.format == FORMAT_JSON || (is_form(out.format) && !begun);
}

/* Close on any exit what is still open: the array of JSON, and the temporary files. */
static void abandon(void)
{
	static bool done;

	if (done || getpid() != owner)
		return;
	done = true;
	if (!begun && ends_itself())
		emit_begin(&out, NULL);
	if (!ended && ends_itself())
		emit_end(&out);
	if (!csv.f)
		return;
	unlink(envelope_tmp);
	unlink(results_tmp);
	if (made_dir)
		rmdir(dir);
}

static void path_of(char *path, const char *name, const char *suffix)
{
	size_t n = strlen(dir);

	if (n + 32 > PATH_MAX)
		fatal(EXIT_USAGE, "--output: %zu bytes are too long for a path", n);
	memcpy(path, dir, n);
	strcat(strcat(strcpy(path + n, "/"), name), suffix);
}

/* Open the files, after all other checks of the user's input. */
void results_open(const char *directory, enum format format, bool header)
{
	int fd;

	out = (struct emitter){ .f = stdout, .format = format, .header = header };
	owner = getpid();
	dir = directory;
	if (dir) {
		path_of(results, RESULTS, "");
		path_of(envelope, ENVELOPE, "");
		path_of(results_tmp, RESULTS, TEMPORARY);
		path_of(envelope_tmp, ENVELOPE, TEMPORARY);
		made_dir = !mkdir(dir, 0777);
		if (!made_dir && errno != EEXIST)
			cannot_make(dir, errno);
		check_kind();
		fd = lock();
		csv.f = fdopen(fd, "w+");
		if (!csv.f)
			cannot_write(results_tmp, errno);
	}
	atexit(abandon);
}

void results_begin(const struct identity *id, enum table table, unsigned int cells)
{
	out.table = table;
	out.planned = cells;
	emit_begin(&out, id);
	begun = true;
	if (csv.f)
		emit_begin(&csv, id);
}

/* Record a failed write; a lost terminal does not void the files. */
static void written(bool ok)
{
	if (!ok && !csv.f)
		cannot_write("results", errno);
	if (!ok && !out_errno)
		out_errno = errno ? errno : EIO;
}

void results_cell(const struct identity *id, const struct cell *cell, const struct values *v)
{
	if (csv.f && !emit_cell(&csv, id, cell, v))
		cannot_write(results_tmp, errno);
	written(emit_cell(&out, id, cell, v));
}

void results_void(const struct identity *id, const struct cell *cell, const char *why)
{
	written(emit_void(&out, id, cell, why));
}

void results_end(void)
{
	ended = true;
	written(emit_end(&out));
}

/* Write both files completely to disk before the first one gets its name. */
static void commit(char **argv)
{
	char hash[SHA256_HEX];
	FILE *f;

	if (fflush(csv.f) || fsync(fileno(csv.f)) || !sha256_file(fileno(csv.f), hash))
		cannot_write(results_tmp, errno);
	f = fopen(envelope_tmp, "we");
	if (!f)
		cannot_write(envelope_tmp, errno);
	envelope_print(f, hash, argv);
	if (fflush(f) || fsync(fileno(f)) || fclose(f))
		cannot_write(envelope_tmp, errno);
	if (rename(envelope_tmp, envelope))
		cannot_write(envelope, errno);
	if (rename(results_tmp, results))
		cannot_write(results, errno);
	fclose(csv.f);	/* and the lock */
	csv.f = NULL;
}

/* Finish with the exit status of the run, and return it. */
int results_finish(int status, char **argv)
{
	if (csv.f && status == EXIT_PASS && !stop_signal && csv.cells)
		commit(argv);
	abandon();
	if (out_errno)
		cannot_write("results to standard output", out_errno);
	return status;
}
