// SPDX-License-Identifier: GPL-2.0
/*
 * The keeper is a child that waits for requests and for the end of its parent,
 * even by a signal. PR_SET_PDEATHSIG notifies it, and not the end of a pipe, which
 * processes that the parent has forked may hold open. It has a separate session, so
 * that a signal to the process group of the terminal or the parent does not reach
 * it. If the keeper is killed, the parent cleans up when it exits. If both are
 * killed at once, everything stays.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "keeper.h"
#include "lib.h"

#define ZRAM_CONTROL	"/sys/class/zram-control"
#define PROMISES_MAX	16u
#define END_OF_PARENT	SIGUSR1		/* to the keeper, which blocks all signals */

struct promise {
	int id;
	enum undo what;
	char where[320], text[32];
};

enum request_kind { REQUEST_PROMISE, REQUEST_ZRAM, REQUEST_UNDO, REQUEST_DROP, REQUEST_END };
struct request {
	enum request_kind kind;
	struct promise promise;
};
struct reply {
	int id, err;
	char where[32];
};
/* A write to a pipe has to be atomic. */
_Static_assert(sizeof(struct request) <= PIPE_BUF, "a request does not fit a pipe");

/* Things to undo. The parent has the same list, in case the keeper is killed. */
static struct promise promises[PROMISES_MAX];
static unsigned int promises_n;
static pid_t keeper, owner;
static int request_fd = -1, reply_fd = -1;

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
}

/* Remove a device, which a swapoff in progress or udev may still have open. */
static void remove_zram(const char *number)
{
	char path[64], dev[48];
	int err = 0;

	snprintf(dev, sizeof(dev), "/dev/zram%.16s", number);
	snprintf(path, sizeof(path), "/sys/block/zram%.16s/reset", number);
	for (unsigned int i = 0; i < 500; i++) {
		swapoff(dev);	/* fails if it never was on, which is fine */
		file_write(path, "1");
		err = file_write(ZRAM_CONTROL "/hot_remove", number);
		if (!err)
			return;
		nap();
	}
	log_note("cannot remove %s: %s: run swapoff %s; echo %s >" ZRAM_CONTROL "/hot_remove", dev,
		 strerror(-err), dev, number);
}

/* Remove a cgroup, whose last processes may still be exiting. */
static void remove_dir(const char *path)
{
	for (unsigned int i = 0; i < 1000 && rmdir(path); i++) {
		if (errno == ENOENT)
			return;
		if (errno != EBUSY) {
			log_note("cannot remove %s: %s", path, strerror(errno));
			return;
		}
		nap();
	}
}

static void undo(const struct promise *p)
{
	int err;

	switch (p->what) {
	case UNDO_ZRAM:
		remove_zram(p->where);
		break;
	case UNDO_SWAPOFF:
		if (swapoff(p->where) && errno != EINVAL && errno != ENOENT)
			log_note("swapoff %s: %s", p->where, strerror(errno));
		break;
	case UNDO_RMDIR:
		remove_dir(p->where);
		break;
	case UNDO_WRITE:
		err = file_write(p->where, p->text);
		if (err)
			log_note("cannot write %s to %s: %s", p->text, p->where, strerror(-err));
		break;
	}
}

static bool remember(const struct promise *p)
{
	if (promises_n == PROMISES_MAX)
		return false;
	promises[promises_n++] = *p;
	return true;
}

/* Take a thing off the list, and undo it now or not at all. */
static void settle(int id, bool now)
{
	for (unsigned int i = 0; i < promises_n; i++) {
		if (promises[i].id != id)
			continue;
		if (now)
			undo(&promises[i]);
		promises_n--;
		memmove(&promises[i], &promises[i + 1], (promises_n - i) * sizeof(*promises));
		return;
	}
}

/* Undo everything, the last thing first. */
static void undo_all(void)
{
	while (promises_n)
		settle(promises[promises_n - 1].id, true);
}

/* Make a zram device: reading hot_add makes one and returns its number. */
static int make_zram(struct promise *p)
{
	int fd = open(ZRAM_CONTROL "/hot_add", O_RDONLY | O_CLOEXEC), err;
	ssize_t n;

	if (fd < 0)
		return errno;
	p->what = UNDO_ZRAM;
	n = read(fd, p->where, 15);
	err = n < 0 ? errno : n == 0 ? ENODEV : 0;
	p->where[n > 0 ? n : 0] = '\0';
	p->where[strcspn(p->where, "\n")] = '\0';
	close(fd);
	return err;
}

static struct reply answer(struct request *q)
{
	static int last;
	struct reply r = { .id = ++last };

	q->promise.id = r.id;
	if (q->kind == REQUEST_ZRAM && promises_n < PROMISES_MAX)
		r.err = make_zram(&q->promise);
	if (!r.err && !remember(&q->promise))
		r.err = ENOSPC;
	if (q->kind == REQUEST_ZRAM)
		memcpy(r.where, q->promise.where, sizeof(r.where));
	return r;
}

static void on_signal(int sig)
{
	(void)sig;
}

/* Read a request; false: the parent has ended, or has closed the pipe. */
static bool next_request(pid_t parent, struct request *q)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	sigset_t open_mask;

	sigfillset(&open_mask);
	sigdelset(&open_mask, END_OF_PARENT);
	while (getppid() == parent) {
		if (ppoll(&in, 1, NULL, &open_mask) > 0)
			return read(STDIN_FILENO, q, sizeof(*q)) == sizeof(*q);
	}
	return false;
}

static _Noreturn void keep(pid_t parent, int in, int out)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct request q;

	sigaction(END_OF_PARENT, &sa, NULL);
	prctl(PR_SET_PDEATHSIG, END_OF_PARENT);
	prctl(PR_SET_NAME, "keeper");	/* so that killall of the tool spares it */
	setsid();
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		_exit(EXIT_BROKEN);
	close_others(-1);
	if (chdir("/"))		/* otherwise a mount would stay busy */
		log_note("cannot go to /: %s", strerror(errno));
	while (next_request(parent, &q) && q.kind != REQUEST_END) {
		struct reply r = { 0 };

		if (q.kind == REQUEST_PROMISE || q.kind == REQUEST_ZRAM)
			r = answer(&q);
		else
			settle(q.promise.id, q.kind == REQUEST_UNDO);
		if (write(STDOUT_FILENO, &r, sizeof(r)) < 0)
			break;
	}
	undo_all();
	_exit(EXIT_PASS);
}

/* Write a request; without a reader SIGPIPE would end a program that does not ignore it. */
static bool write_request(const struct request *q)
{
	sigset_t pipe_set, old;
	bool ok;

	sigemptyset(&pipe_set);
	sigaddset(&pipe_set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_set, &old);
	ok = write(request_fd, q, sizeof(*q)) == sizeof(*q);
	if (!ok && errno == EPIPE)
		sigtimedwait(&pipe_set, NULL, &(struct timespec){ 0 });
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return ok;
}

/* Send a request and read the reply; false: the keeper was killed. */
static bool ask(const struct request *q, struct reply *r)
{
	ssize_t n;

	if (!write_request(q))
		return false;
	while ((n = read(reply_fd, r, sizeof(*r))) < 0 && errno == EINTR)
		;
	return n == sizeof(*r);
}

/* Let the keeper undo everything at a normal exit, and wait for it. */
static void keeper_end(void)
{
	const struct request q = { .kind = REQUEST_END };
	int status;

	if (getpid() != owner)
		return;
	write_request(&q);
	close(request_fd);
	while (waitpid(keeper, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		undo_all();
}

static void keeper_start(void)
{
	int requests[2], replies[2];
	sigset_t all, old;

	if (owner)
		return;
	if (pipe2(requests, O_CLOEXEC) || pipe2(replies, O_CLOEXEC))
		fatal(EXIT_BROKEN, "pipe: %s", strerror(errno));
	fflush(NULL);
	owner = getpid();
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	keeper = fork();
	if (keeper == 0)
		keep(owner, requests[0], replies[1]);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (keeper < 0)
		fatal(EXIT_BROKEN, "cannot fork: %s", strerror(errno));
	close(requests[0]);
	close(replies[1]);
	request_fd = requests[1];
	reply_fd = replies[0];
	atexit(keeper_end);
}

static int promise(struct request *q, struct reply *r)
{
	keeper_start();
	if (getpid() != owner)
		return 0;
	if (!ask(q, r))
		fatal(EXIT_BROKEN, "the process that cleans up was killed: nothing more is made");
	if (r->err) {
		errno = r->err;
		return 0;
	}
	q->promise.id = r->id;
	if (q->kind == REQUEST_ZRAM)
		strcpy(q->promise.where, r->where);
	remember(&q->promise);
	return r->id;
}

int keeper_promise(enum undo what, const char *where, const char *text)
{
	struct request q = { .kind = REQUEST_PROMISE, .promise.what = what };
	struct reply r;
	int id;

	if (strlen(where) >= sizeof(q.promise.where) || strlen(text) >= sizeof(q.promise.text))
		fatal(EXIT_BROKEN, "%s: too long to be undone", where);
	strcpy(q.promise.where, where);
	strcpy(q.promise.text, text);
	id = promise(&q, &r);
	if (!id)
		fatal(EXIT_BROKEN, "%s: cannot be undone later: %s", where, strerror(errno));
	return id;
}

int keeper_zram(char *number, size_t size)
{
	struct request q = { .kind = REQUEST_ZRAM, .promise.what = UNDO_ZRAM };
	struct reply r;
	int id = promise(&q, &r);

	if (id)
		snprintf(number, size, "%.15s", r.where);
	return id;
}

static void settle_by(enum request_kind kind, int id)
{
	const struct request q = { .kind = kind, .promise.id = id };
	struct reply r;

	if (!id || getpid() != owner)
		return;
	/* without a keeper, undo it here */
	settle(id, !ask(&q, &r) && kind == REQUEST_UNDO);
}

void keeper_undo(int id)
{
	settle_by(REQUEST_UNDO, id);
}

void keeper_drop(int id)
{
	settle_by(REQUEST_DROP, id);
}
