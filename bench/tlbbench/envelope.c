// SPDX-License-Identifier: GPL-2.0
/* Print as JSON what made the results of --output: date, machine, program. */
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "tlbbench.h"
#include "version.h"

static void member(FILE *f, const char *name, const char *value)
{
	fprintf(f, "  \"%s\": ", name);
	json_string(f, value);
	fputs(",\n", f);
}

/* Print the envelope, with arguments as a list: joined by blanks they would be ambiguous. */
void envelope_print(FILE *f, const char *results_sha256, char **argv)
{
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	char date[32], host[sizeof(struct utsname)], hash[SHA256_HEX];
	time_t now = time(NULL);
	struct utsname u;

	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	uname(&u);
	snprintf(host, sizeof(host), "%s %s %s %s", u.sysname, u.release, u.version, u.machine);
	fputs(ENVELOPE_START, f);
	json_string(f, date);
	fputs(",\n", f);
	fprintf(f, "  \"schema\": %d,\n", RESULTS_SCHEMA);
	member(f, "host", host);
	if (self >= 0 && sha256_file(self, hash))
		member(f, "tool_sha256", hash);
	if (self >= 0)
		close(self);
	member(f, "results_sha256", results_sha256);
	machine_state(f, "");
	fputs("  \"arguments\": [", f);
	for (unsigned int i = 1; argv[i]; i++) {
		fputs(i > 1 ? ", " : "", f);
		json_string(f, argv[i]);
	}
	fputs("]\n}\n", f);
}
