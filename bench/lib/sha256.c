// SPDX-License-Identifier: GPL-2.0
/* Compute the SHA-256 (FIPS 180-4) of program and results, for the envelope. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib.h"

#define BLOCK	64u

static const uint32_t round_constant[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

static void add_block(uint32_t *h, const uint8_t *p)
{
	uint32_t w[64], a[8];

	for (unsigned int i = 0; i < 16; i++)
		w[i] = (uint32_t)p[4 * i] << 24 | p[4 * i + 1] << 16 | p[4 * i + 2] << 8 | p[4 * i + 3];
	for (unsigned int i = 16; i < 64; i++) {
		uint32_t x = w[i - 15], y = w[i - 2];

		w[i] = w[i - 16] + (rotate(x, 7) ^ rotate(x, 18) ^ x >> 3) + w[i - 7] +
		       (rotate(y, 17) ^ rotate(y, 19) ^ y >> 10);
	}
	memcpy(a, h, sizeof(a));
	for (unsigned int i = 0; i < 64; i++) {
		uint32_t choice = (a[4] & a[5]) ^ (~a[4] & a[6]);
		uint32_t majority = (a[0] & a[1]) ^ (a[0] & a[2]) ^ (a[1] & a[2]);
		uint32_t t1 = a[7] + (rotate(a[4], 6) ^ rotate(a[4], 11) ^ rotate(a[4], 25)) + choice +
			      round_constant[i] + w[i];
		uint32_t t2 = (rotate(a[0], 2) ^ rotate(a[0], 13) ^ rotate(a[0], 22)) + majority;

		memmove(a + 1, a, 7 * sizeof(*a));
		a[4] += t1;
		a[0] = t1 + t2;
	}
	for (unsigned int i = 0; i < 8; i++)
		h[i] += a[i];
}

/* Hash a file, reading by offset, so that its position does not change. */
bool sha256_file(int fd, char *hex)
{
	uint32_t h[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
			  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	uint8_t block[2 * BLOCK] = { 0 };
	uint64_t bytes = 0;
	size_t n = 0, last;
	ssize_t got;

	while ((got = pread(fd, block + n, BLOCK - n, bytes)) > 0) {
		n += got;
		bytes += got;
		if (n == BLOCK) {
			add_block(h, block);
			n = 0;
		}
	}
	if (got < 0)
		return false;
	memset(block + n, 0, sizeof(block) - n);
	block[n] = 0x80;
	last = n < BLOCK - 8 ? BLOCK : 2 * BLOCK;
	for (unsigned int i = 0; i < 8; i++)
		block[last - 1 - i] = 8 * bytes >> 8 * i;
	for (size_t i = 0; i < last; i += BLOCK)
		add_block(h, block + i);
	for (unsigned int i = 0; i < 8; i++)
		snprintf(hex + 8 * i, SHA256_HEX - 8 * i, "%08x", (unsigned int)h[i]);
	return true;
}
