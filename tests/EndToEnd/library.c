/* Holds parts of batches longer than their wholes, and reads in several threads. Exit code 0: all was right. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flowmeter.h"

#define CHECK(condition)                                            \
  do {                                                              \
    if (!(condition)) {                                             \
      fprintf(stderr, "line %d: %s\n", __LINE__, #condition);       \
      exit(1);                                                      \
    }                                                               \
  } while (0)

static const char *capture;

static int64_t sum(const struct ArrowArray *numbers) {
  const int64_t *values = numbers->buffers[1];
  int64_t total = 0;
  for (int64_t i = 0; i < numbers->length; i++) total += values[i];
  return total;
}

static void open_stream(struct ArrowArrayStream *stream) {
  const char *arguments[] = {capture, "--community-id"};
  char *error = NULL;
  int code = fm_read(2, arguments, stream, &error);
  if (code != 0) fprintf(stderr, "%s\n", error);
  CHECK(code == 0);
}

static int column_of(struct ArrowArrayStream *stream, const char *name) {
  struct ArrowSchema schema, other;
  CHECK(stream->get_schema(stream, &schema) == 0);
  fm_share_schema(&schema, &other);
  schema.release(&schema);
  CHECK(schema.release == NULL);
  int found = -1;
  for (int64_t i = 0; i < other.n_children; i++)
    if (strcmp(other.children[i]->name, name) == 0) found = (int)i;
  CHECK(strcmp(other.format, "+s") == 0 && other.metadata != NULL && found >= 0);
  CHECK(strcmp(other.children[found]->format, "l") == 0);
  other.release(&other);
  return found;
}

static int64_t read_once(void) {
  struct ArrowArrayStream stream;
  open_stream(&stream);
  int column = column_of(&stream, "packets");
  struct ArrowArray batch, other, moved;
  CHECK(fm_wait(&stream, -1) == 1);
  CHECK(stream.get_next(&stream, &batch) == 0 && batch.release != NULL && batch.length > 0);
  int64_t total = sum(batch.children[column]);

  /* A column that is moved out outlives its batch; a shared batch outlives both, and the stream. */
  fm_share_batch(&batch, &other);
  moved = *batch.children[column];
  batch.children[column]->release = NULL;
  batch.release(&batch);
  CHECK(batch.release == NULL);
  CHECK(sum(&moved) == total);
  moved.release(&moved);

  struct ArrowArray end;
  while (stream.get_next(&stream, &end) == 0 && end.release != NULL) {
    total += sum(end.children[column]);
    end.release(&end);
  }
  char *summary = fm_summary(&stream);
  CHECK(summary != NULL && strstr(summary, "\"frames\"") != NULL);
  fm_free(summary);
  char *warnings = fm_warnings(&stream);
  fm_free(warnings);
  stream.release(&stream);
  CHECK(stream.release == NULL);
  CHECK(sum(other.children[column]) <= total);
  other.release(&other);

  /* A stream may be given up at any time. */
  open_stream(&stream);
  stream.release(&stream);
  return total;
}

static void *thread(void *result) {
  for (int i = 0; i < 20; i++) *(int64_t *)result = read_once();
  return NULL;
}

int main(int argc, char **argv) {
  CHECK(argc == 2 && strlen(fm_version()) > 0);
  capture = argv[1];
  pthread_t threads[4];
  int64_t totals[4];
  for (int i = 0; i < 4; i++) CHECK(pthread_create(&threads[i], NULL, thread, &totals[i]) == 0);
  for (int i = 0; i < 4; i++) CHECK(pthread_join(threads[i], NULL) == 0);
  for (int i = 0; i < 4; i++) CHECK(totals[i] == totals[0] && totals[i] > 0);

  char *columns = NULL, *error = NULL;
  CHECK(fm_columns("extended", &columns, &error) == 0 && strstr(columns, "packets\tInteger\t") != NULL);
  fm_free(columns);
  CHECK(fm_columns("none", &columns, &error) == 2 && strstr(error, "profile none") == error);
  fm_free(error);

  const char *names[] = {"x"};
  const double x[] = {1};
  const double *values[] = {x};
  double score;
  uint8_t verdict;
  CHECK(fm_score("builtin", 1, 1, names, values, &score, &verdict, &error) == 1 && strlen(error) > 0);
  fm_free(error);
  return 0;
}
