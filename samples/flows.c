/*
 * Counts the flows and packets of captures by verdict, with libflowmeter:
 *
 *     scripts/publish --library
 *     cc -Iinclude samples/flows.c artifacts/libflowmeter.so -Wl,-rpath,"$PWD/artifacts" -o flows
 *     ./flows samples/office.pcap --workers 1
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flowmeter.h"

static int column_of(const struct ArrowSchema *schema, const char *name) {
  for (int64_t i = 0; i < schema->n_children; i++)
    if (strcmp(schema->children[i]->name, name) == 0) return (int)i;
  return -1;
}

int main(int argc, char **argv) {
  struct ArrowArrayStream stream;
  char *error = NULL;
  int code = fm_read(argc - 1, (const char *const *)argv + 1, &stream, &error);
  if (code != 0) {
    fprintf(stderr, "flows: %s\n", error);
    fm_free(error);
    return code;
  }

  struct ArrowSchema schema;
  if (stream.get_schema(&stream, &schema) != 0) {
    fprintf(stderr, "flows: %s\n", stream.get_last_error(&stream));
    return 1;
  }
  int packets = column_of(&schema, "packets"), verdict = column_of(&schema, "verdict");
  schema.release(&schema);
  if (packets < 0) {
    fprintf(stderr, "flows: this profile has no column packets\n");
    return 2;
  }

  long long flows = 0, all_packets = 0, malicious = 0;
  struct ArrowArray batch;
  while ((code = stream.get_next(&stream, &batch)) == 0 && batch.release != NULL) {
    const int64_t *counts = batch.children[packets]->buffers[1];
    const int32_t *ends = verdict < 0 ? NULL : batch.children[verdict]->buffers[1];
    const char *text = verdict < 0 ? NULL : batch.children[verdict]->buffers[2];
    for (int64_t i = 0; i < batch.length; i++) {
      flows++;
      all_packets += counts[i];
      malicious += ends != NULL && ends[i + 1] - ends[i] == 9 && memcmp(text + ends[i], "malicious", 9) == 0;
    }
    batch.release(&batch);
  }

  if (code != 0) fprintf(stderr, "flows: %s\n", stream.get_last_error(&stream));
  printf("%lld flows, %lld packets, %lld malicious\n", flows, all_packets, malicious);
  stream.release(&stream);
  return code != 0;
}
