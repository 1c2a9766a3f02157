// SPDX-License-Identifier: GPL-2.0
/*
 * init of the bench guest: mount the file systems of the kernel, run the lines of
 * /job one after the other, and reboot, which ends the emulator.
 *
 * A word of a job may contain "\040" and similar: scripts/words.sh writes it. The
 * output of a job goes to the virtio port "results", its messages to the console.
 * After each job the port gets "#job N STATUS", at the end "#done". If init fails, it
 * reports why and exits, and the kernel panics.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORTS		"/sys/class/virtio-ports"
#define PORT_NAME	"results"
#define PORT_WAIT_MS	5000	/* the port appears by message from the host */
#define ARGS_MAX	64

static const struct {
	const char *type, *dir;
} mounts[] = {
	{ "proc", "/proc" },
	{ "sysfs", "/sys" },
	{ "devtmpfs", "/dev" },
	{ "debugfs", "/sys/kernel/debug" },
	{ "tracefs", "/sys/kernel/tracing" },
	{ "cgroup2", "/sys/fs/cgroup" },
};

static __attribute__((noreturn, format(printf, 1, 2))) void die(const char *fmt, ...)
{
	va_list ap;

	fputs("init: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

/* Mount; ENODEV: the kernel lacks the file system, ENOENT: the directory for it. */
static void mount_all(void)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		/* sysfs does not allow new directories; mount() reports a failure here */
		mkdir(mounts[i].dir, 0755);
		if (mount(mounts[i].type, mounts[i].dir, mounts[i].type, 0, NULL) &&
		    errno != ENODEV && errno != ENOENT && errno != EBUSY)
			die("cannot mount %s: %s", mounts[i].dir, strerror(errno));
	}
}

/* Open the console, because the kernel starts init before /dev is there. */
static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR);

	if (fd < 0)
		return;
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

/* Find the device, such as "vport0p1", of the port with our name. */
static int find_port(char *port, size_t size)
{
	char path[300], name[64];
	struct dirent *d;
	DIR *dir = opendir(PORTS);
	int found = 0;

	while (dir && !found && (d = readdir(dir))) {
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s/name", PORTS, d->d_name);
		f = fopen(path, "re");
		if (!f)
			continue;
		if (fgets(name, sizeof(name), f)) {
			name[strcspn(name, "\n")] = '\0';
			found = !strcmp(name, PORT_NAME);
			snprintf(port, size, "/dev/%s", d->d_name);
		}
		fclose(f);
	}
	if (dir)
		closedir(dir);
	return found;
}

static int open_port(void)
{
	char port[300];
	int fd;

	for (int ms = 0; ms < PORT_WAIT_MS; ms += 10) {
		if (find_port(port, sizeof(port))) {
			fd = open(port, O_WRONLY | O_CLOEXEC);
			if (fd >= 0)
				return fd;
		}
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
	die("no virtio port named " PORT_NAME);
}

static int run(char **argv, int out)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid == 0) {
		setsid();
		if (dup2(out, STDOUT_FILENO) < 0) {
			fprintf(stderr, "init: dup2: %s\n", strerror(errno));
			_exit(125);
		}
		execv(argv[0], argv);
		fprintf(stderr, "init: cannot run %s: %s\n", argv[0], strerror(errno));
		_exit(125);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid: %s", strerror(errno));
	/* processes that a job has left would disturb the next one */
	kill(-1, SIGKILL);
	while (wait(NULL) > 0)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Replace "\040" in a word by the byte with that octal number, as in /proc/mounts. */
static void unescape(char *word)
{
	char *to = word;

	for (const char *s = word; *s; s++) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' &&
		    s[3] >= '0' && s[3] <= '7') {
			*to++ = (s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0');
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

/* Split a line into words, with a NULL after them; return their number. */
static int split(char *line, char **argv)
{
	int argc = 0;

	for (char *s = strtok(line, " \t\n"); s; s = strtok(NULL, " \t\n")) {
		if (argc == 0 && *s == '#')
			break;
		if (argc == ARGS_MAX)
			die("/job: more than %d words: %s", ARGS_MAX, argv[0]);
		unescape(s);
		argv[argc++] = s;
	}
	argv[argc] = NULL;
	return argc;
}

int main(void)
{
	static char line[16384];
	static char *argv[ARGS_MAX + 1];
	unsigned int n = 0;
	FILE *job;
	int port;

	mount_all();
	open_console();
	port = open_port();
	job = fopen("/job", "re");
	if (!job)
		die("/job: %s", strerror(errno));
	while (fgets(line, sizeof(line), job)) {
		if (!strchr(line, '\n') && !feof(job))
			die("/job: line %u is longer than %zu bytes", n + 1, sizeof(line));
		if (!split(line, argv))
			continue;
		if (dprintf(port, "#job %u %d\n", n, run(argv, port)) < 0)
			die("cannot write results: %s", strerror(errno));
		n++;
	}
	if (ferror(job))
		die("/job: %s", strerror(errno));
	if (dprintf(port, "#done\n") < 0 || close(port))
		die("cannot write results: %s", strerror(errno));
	sync();
	reboot(RB_AUTOBOOT);
	die("reboot: %s", strerror(errno));
}
