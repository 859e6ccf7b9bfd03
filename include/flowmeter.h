/*
 * FlowMeter as a library: captures in, batches of flows out, as the Arrow C data and stream interfaces have them
 * (https://arrow.apache.org/docs/format/CStreamInterface.html).
 *
 * Functions that return int return 0 (done), 1 (failed) or 2 (wrong use); where they failed and error is not NULL,
 * *error is a line that says what, where and what to do, to be freed with fm_free. All text is UTF-8. Functions may be
 * called from any thread; a stream is for one thread at a time. A process loads the library once and never unloads it.
 */
#ifndef FLOWMETER_H
#define FLOWMETER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};

#endif

/* The version, as "1.2.3"; never freed. */
const char *fm_version(void);

/* Frees a text that a function handed over. */
void fm_free(char *text);

/*
 * Begins to meter captures. The arguments are those of "flowmeter read": files and options, of which none may write a
 * file ("big.pcap", "--profile", "extended"). Threads of the library meter ahead by a few batches. Releasing the stream
 * ends the run at any time. Where a capture is damaged the last get_next fails, after all that was metered.
 */
int fm_read(int count, const char *const *arguments, struct ArrowArrayStream *stream, char **error);

/* Waits for at most so many milliseconds (-1: any) until get_next of a stream of fm_read would not wait. 1: so it is. */
int fm_wait(struct ArrowArrayStream *stream, int milliseconds);

/*
 * Fill another structure with the schema, or with the batch, of one that a stream of fm_read gave and nobody released
 * yet. A batch is not copied. Each is released for itself.
 */
void fm_share_schema(struct ArrowSchema *schema, struct ArrowSchema *other);
void fm_share_batch(struct ArrowArray *batch, struct ArrowArray *other);

/*
 * The distinct texts of a column of texts of such a batch: for each row that has a text its place among them in codes,
 * and for each of them the row that has it first in firsts; both have room for all rows. Returns how many there are;
 * -1 if more than half of the texts are distinct, or more than 32,768.
 */
int fm_distinct(const struct ArrowArray *texts, int32_t *codes, int32_t *firsts);

/* What was warned of so far, a line each; fm_free. */
char *fm_warnings(struct ArrowArrayStream *stream);

/* The counters of a run that has come to its end, as JSON ("flowmeter read --summary"); else NULL; fm_free. */
char *fm_summary(struct ArrowArrayStream *stream);

/* The columns of a profile: lines of name, type, unit and meaning with tabs between; fm_free. */
int fm_columns(const char *profile, char **columns, char **error);

/*
 * Scores flows. model: a file of "flowmeter train", or "default". values: a column of doubles for each name; the model
 * reads those it knows, and the number of packets where there is one. scores: a probability a row. verdicts: 0 benign,
 * 1 malicious, 2 undecided.
 */
int fm_score(const char *model, int64_t rows, int count, const char *const *names, const double *const *values,
             double *scores, uint8_t *verdicts, char **error);

#ifdef __cplusplus
}
#endif

#endif
