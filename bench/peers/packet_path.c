/* The packet path of profile flowmeter in C: read, walk, decode, hash, look-up, all sums of a flow. What a meter of this design can reach:
 * the same key, hash, index buckets and columns, and windows of 64 packets that are looked up while the one before is accounted for. Only
 * Ethernet with IPv4, TCP and UDP, in pcap files of microseconds; no flow ends, nothing is swept, and there are no rows. Compiled by
 * scripts/bench for the processor that it runs on, which needs AES instructions of x86. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flow_table.h"

#define READ_SIZE ((size_t)1 << 16)
#define MAX_FRAME ((size_t)1 << 18)

static struct window windows[2], *current = windows, *previous = windows + 1;
static uint64_t packets;

static void advance(void)
{
    struct window *done = previous;
    int i, ahead = current->count, behind = previous->count;

    for (i = 0; i < ahead || i < behind; i++) {
        if (i < ahead)
            look_ahead(current, i);
        if (i < behind)
            account(previous, i);
    }
    previous = current;
    current = done;
    current->count = 0;
}

static inline uint32_t little_endian(const uint8_t *bytes)
{
    uint32_t value;

    memcpy(&value, bytes, 4);
    return value;
}

static inline uint32_t big_endian(const uint8_t *bytes) { return __builtin_bswap32(little_endian(bytes)); }
static inline uint64_t map_ipv4(uint32_t address) { return (uint64_t)address << 32 | 0xffff0000u; }

static inline int is_common(const uint8_t *frame, uint32_t captured)
{
    return captured >= 48 && frame[12] == 8 && frame[13] == 0 && frame[14] == 0x45 && (big_endian(frame + 20) & 0x3fff0000) == 0
        && (frame[23] == 6 || frame[23] == 17);
}

static inline void decode(const uint8_t *record, const uint8_t *frame)
{
    int i = current->count;
    uint64_t source = map_ipv4(big_endian(frame + 26)), destination = map_ipv4(big_endian(frame + 30));
    uint32_t ports = big_endian(frame + 34);
    uint8_t from_b = source > destination || (source == destination && ports >> 16 > (ports & 0xffff));
    uint64_t swap = (source ^ destination) & -(uint64_t)from_b;
    int rotation = 16 * !from_b;

    ports = ports << rotation | ports >> (-rotation & 31);
    current->keys[i] = (struct key){
        0, source ^ swap, 0, destination ^ swap, ports | (uint64_t)frame[23] << 32 | UINT64_C(4) << 40 };
    current->from_b[i] = from_b;
    current->flags[i] = frame[23] == 6 ? frame[47] : 0;
    current->times[i] = little_endian(record) * INT64_C(1000000000) + little_endian(record + 4) * INT64_C(1000);
    current->sizes[i] = little_endian(record + 12);
    current->hashes[i] = hash_of(current->keys + i);
    _mm_prefetch((const char *)(buckets + (current->hashes[i] & mask)), _MM_HINT_T0);
    if (++current->count == WINDOW)
        advance();
}

/* Takes the whole records between the two and returns where the rest begins. */
static uint8_t *walk(uint8_t *record, const uint8_t *end)
{
    while (end - record >= 16) {
        uint32_t captured = little_endian(record + 8);

        if (captured > (size_t)(end - record - 16))
            break;
        packets++;
        if (is_common(record + 16, captured))
            decode(record, record + 16);
        record += 16 + captured;
    }
    return record;
}

int main(int argc, char **argv)
{
    uint8_t *buffer = malloc(READ_SIZE + MAX_FRAME), *rest = buffer;
    size_t left = 0;
    ssize_t length;
    int file;

    if (argc != 2 || buffer == NULL) {
        fprintf(stderr, "usage: packet_path FILE\n");
        return 2;
    }
    file = open(argv[1], O_RDONLY);
    if (file < 0 || lseek(file, 24, SEEK_SET) < 0) {
        perror(argv[1]);
        return 1;
    }
    secrets[0] = _mm_set_epi64x(0x1234567890abcdef, 0x3141592653589793);
    secrets[1] = _mm_set_epi64x(0x2718281828459045, 0x1618033988749895);
    secrets[2] = _mm_set_epi64x(0x0123456789abcdef, 0x7edcba9876543210);
    tiles = reserve((MAX_FLOWS / FLOWS_OF_TILE + 1) * TILE_BYTES);
    make_index(2048);
    while (left < MAX_FRAME && (length = read(file, buffer + left, READ_SIZE)) > 0) {
        rest = walk(buffer, buffer + left + length);
        left = buffer + left + length - rest;
        memmove(buffer, rest, left);
    }
    advance();
    advance();
    if (left != 0) {
        fprintf(stderr, "packet_path: a record is cut or too large\n");
        return 1;
    }
    printf("%" PRIu64 " packets, %" PRIu32 " flows, %" PRIu64 " times a flow may be over\n", packets, flows, candidates_to_end);
    return 0;
}
