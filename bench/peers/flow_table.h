/* The flow table of packet_path.c: hash, index and the sums of flows, laid out as FlowMeter lays them out. */
#include <immintrin.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#ifndef __AES__
#error "the hash needs AES instructions of x86"
#endif

enum { WINDOW = 64, ENTRIES = 12, FLOWS_OF_TILE = 17, ROWS_OF_TILE = 32, LINE = 64 };

#define HUGE_PAGE ((size_t)2 << 20)
#define MAX_FLOWS ((uint64_t)16 << 20)
#define TILE_BYTES ((uint64_t)4096)
#define IDLE_TIMEOUT INT64_C(120000000000)
#define ACTIVE_TIMEOUT INT64_C(1800000000000)
#define TAIL_OF_KEY UINT64_C(0xffffffffffff)
#define SEEN_FROM(endpoint) (UINT64_C(1) << (48 + (endpoint)))
#define TCP_SYN 2

struct key { uint64_t a_upper, a_lower, b_upper, b_lower, tail; };
struct header { struct key key; int64_t first, last[2]; };
struct gaps { uint64_t squares, squares_upper, minimum, maximum; };
struct endpoint { uint64_t packets, bytes, squares; uint32_t minimum, maximum; struct gaps gaps; };
struct cold { int64_t other_first; uint32_t carries[2]; };
struct bucket { uint8_t tags[ENTRIES]; uint32_t passed, rows[ENTRIES]; };
struct window {
    int count;
    struct key keys[WINDOW];
    uint64_t hashes[WINDOW];
    int64_t times[WINDOW], rows[WINDOW];
    uint32_t sizes[WINDOW];
    uint8_t from_b[WINDOW], flags[WINDOW];
};

static struct bucket *buckets;
static uint64_t mask, limit, entries;
static uint8_t *tiles;
static uint32_t flows;
static uint64_t candidates_to_end;
static __m128i secrets[3];

static void *reserve(uint64_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED) {
        perror("packet_path");
        exit(1);
    }
    madvise(memory, bytes, MADV_HUGEPAGE);
    return memory;
}

/* A tile is a page with 17 flows: headers, sums of both endpoints, gaps, what is rarely asked for. A packet takes three lines of it. */
static inline uint32_t row_of(uint32_t flow) { return flow / FLOWS_OF_TILE * ROWS_OF_TILE + flow % FLOWS_OF_TILE; }
static inline uint8_t *tile_of(uint64_t row) { return tiles + row / ROWS_OF_TILE * TILE_BYTES; }
static inline struct header *header_of(uint64_t row) { return (struct header *)tile_of(row) + row % ROWS_OF_TILE; }

static inline struct endpoint *endpoint_of(uint64_t row, int endpoint)
{
    return (struct endpoint *)(tile_of(row) + (1 + endpoint) * FLOWS_OF_TILE * LINE) + row % ROWS_OF_TILE;
}

static inline struct gaps *gaps_of(uint64_t row)
{
    return (struct gaps *)(tile_of(row) + 3 * FLOWS_OF_TILE * LINE) + row % ROWS_OF_TILE;
}

static inline struct cold *cold_of(uint64_t row)
{
    return (struct cold *)(tile_of(row) + 3 * FLOWS_OF_TILE * LINE + FLOWS_OF_TILE * sizeof(struct gaps)) + row % ROWS_OF_TILE;
}

/* The hash and the index. */

static inline uint64_t hash_of(const struct key *key)
{
    __m128i state = _mm_xor_si128(_mm_set_epi64x(key->b_lower, key->a_lower), secrets[0]);

    state = _mm_aesenc_si128(_mm_aesenc_si128(state, secrets[1]), _mm_set_epi64x(key->b_upper, key->a_upper));
    state = _mm_aesenc_si128(_mm_aesenc_si128(state, secrets[2]), _mm_set_epi64x(0, key->tail));
    state = _mm_aesenc_si128(_mm_aesenc_si128(state, secrets[0]), secrets[1]);
    return _mm_cvtsi128_si64(state);
}

static inline uint8_t tag_of(uint64_t hash) { return hash >> 56 | 0x80; }

static inline uint32_t matches(const struct bucket *bucket, uint8_t tag)
{
    __m128i tags = _mm_loadu_si128((const __m128i *)bucket->tags);

    return _mm_movemask_epi8(_mm_cmpeq_epi8(tags, _mm_set1_epi8(tag))) & 0xfff;
}

static inline int is_key(uint64_t row, const struct key *key)
{
    const __m128i *theirs = (const __m128i *)header_of(row), *ours = (const __m128i *)key;
    __m128i lower = _mm_xor_si128(_mm_loadu_si128(theirs), _mm_loadu_si128(ours));
    __m128i upper = _mm_xor_si128(_mm_loadu_si128(theirs + 1), _mm_loadu_si128(ours + 1));

    return _mm_testz_si128(_mm_or_si128(lower, upper), _mm_or_si128(lower, upper))
        && ((header_of(row)->key.tail ^ key->tail) & TAIL_OF_KEY) == 0;
}

static uint64_t bytes_of_index(uint64_t count)
{
    return count * sizeof(struct bucket) < HUGE_PAGE ? HUGE_PAGE : count * sizeof(struct bucket);
}

static void make_index(uint64_t count)
{
    buckets = reserve(bytes_of_index(count));
    mask = count - 1;
    limit = count * ENTRIES / 5 * 4;
    entries = 0;
}

static void insert(uint64_t hash, uint32_t row)
{
    struct bucket *bucket = buckets + (hash & mask);
    uint32_t free_entries;
    int at;

    while ((free_entries = matches(bucket, 0)) == 0) {
        bucket->passed++;
        bucket = buckets + ((bucket - buckets + 1) & mask);
    }
    at = __builtin_ctz(free_entries);
    bucket->tags[at] = tag_of(hash);
    bucket->rows[at] = row;
    entries++;
}

static void grow(void)
{
    struct bucket *old = buckets;
    uint64_t count = mask + 1, i;
    uint32_t used;
    int at;

    make_index(2 * count);
    for (i = 0; i < count; i++) {
        /* Headers of two buckets on are on their way while the keys of this one are hashed. */
        for (at = 0; i + 2 < count && at < ENTRIES; at++)
            if (old[i + 2].tags[at] != 0)
                _mm_prefetch((const char *)header_of(old[i + 2].rows[at]), _MM_HINT_T0);
        for (used = ~matches(old + i, 0) & 0xfff; used != 0; used &= used - 1) {
            uint32_t row = old[i].rows[__builtin_ctz(used)];
            struct key key = header_of(row)->key;

            key.tail &= TAIL_OF_KEY;
            insert(hash_of(&key), row);
        }
    }
    munmap(old, bytes_of_index(count));
}

static int64_t find(const struct key *key, uint64_t hash)
{
    const struct bucket *bucket = buckets + (hash & mask);
    uint32_t candidates;

    for (;;) {
        for (candidates = matches(bucket, tag_of(hash)); candidates != 0; candidates &= candidates - 1) {
            uint32_t row = bucket->rows[__builtin_ctz(candidates)];

            if (is_key(row, key))
                return row;
        }
        if (bucket->passed == 0)
            return -1;
        bucket = buckets + ((bucket - buckets + 1) & mask);
    }
}

/* The sums. */

static inline void add_gap(struct gaps *gaps, uint64_t gap)
{
    unsigned __int128 square = (unsigned __int128)gap * gap;
    uint64_t squares = gaps->squares + (uint64_t)square;

    gaps->squares_upper += (uint64_t)(square >> 64) + (squares < gaps->squares);
    gaps->squares = squares;
    gaps->minimum = gap < gaps->minimum ? gap : gaps->minimum;
    gaps->maximum = gap > gaps->maximum ? gap : gaps->maximum;
}

static inline void begin_endpoint(struct endpoint *endpoint, uint32_t size)
{
    *endpoint = (struct endpoint){ 1, size, (uint64_t)size * size, size, size, { 0, 0, UINT64_MAX, 0 } };
}

static inline void add_packet(struct endpoint *endpoint, uint32_t size, uint64_t gap)
{
    endpoint->packets++;
    endpoint->bytes += size;
    endpoint->squares += (uint64_t)size * size;
    endpoint->minimum = size < endpoint->minimum ? size : endpoint->minimum;
    endpoint->maximum = size > endpoint->maximum ? size : endpoint->maximum;
    add_gap(&endpoint->gaps, gap);
}

static void begin_flow(const struct window *window, int i)
{
    uint32_t row;
    struct header *header;

    if (flows == MAX_FLOWS) {
        fprintf(stderr, "packet_path: more than %" PRIu64 " flows\n", MAX_FLOWS);
        exit(1);
    }
    if (entries == limit)
        grow();
    row = row_of(flows++);
    insert(window->hashes[i], row);
    header = header_of(row);
    header->key = window->keys[i];
    header->key.tail |= SEEN_FROM(window->from_b[i]);
    header->first = header->last[0] = header->last[1] = window->times[i];
    *gaps_of(row) = (struct gaps){ 0, 0, UINT64_MAX, 0 };
    *cold_of(row) = (struct cold){ 0, { 0, 0 } };
    begin_endpoint(endpoint_of(row, window->from_b[i]), window->sizes[i]);
}

static inline uint64_t gap_from(int64_t last, int64_t time) { return time > last ? time - last : 0; }

static inline void account(const struct window *window, int i)
{
    int64_t row = window->rows[i], time = window->times[i], last;
    int from_b = window->from_b[i];
    struct header *header;

    if (row < 0 || !is_key(row, window->keys + i))
        row = find(window->keys + i, window->hashes[i]);
    if (row < 0) {
        begin_flow(window, i);
        return;
    }
    header = header_of(row);
    last = header->last[0] > header->last[1] ? header->last[0] : header->last[1];
    /* A meter may end the flow here; the question is asked, and its answer counted. */
    if (__builtin_expect(time - last > IDLE_TIMEOUT || (window->flags[i] & TCP_SYN) != 0 || time - header->first > ACTIVE_TIMEOUT, 0))
        candidates_to_end++;
    add_gap(gaps_of(row), gap_from(last, time));
    if ((header->key.tail & SEEN_FROM(from_b)) == 0) {
        header->key.tail |= SEEN_FROM(from_b);
        header->last[from_b] = time;
        cold_of(row)->other_first = time;
        begin_endpoint(endpoint_of(row, from_b), window->sizes[i]);
    } else {
        uint64_t gap = gap_from(header->last[from_b], time);

        header->last[from_b] += gap;
        add_packet(endpoint_of(row, from_b), window->sizes[i], gap);
    }
}

static inline void look_ahead(struct window *window, int i)
{
    const struct bucket *bucket = buckets + (window->hashes[i] & mask);
    uint32_t candidates = matches(bucket, tag_of(window->hashes[i]));

    window->rows[i] = -1;
    if (candidates != 0) {
        int64_t row = bucket->rows[__builtin_ctz(candidates)];

        window->rows[i] = row;
        _mm_prefetch((const char *)header_of(row), _MM_HINT_T0);
        _mm_prefetch((const char *)gaps_of(row), _MM_HINT_T0);
        _mm_prefetch((const char *)endpoint_of(row, window->from_b[i]), _MM_HINT_T0);
    }
}
