/* The floor every meter stands on: libpcap's own loop over a savefile that only counts. What a meter takes longer than this is its work.
 * Compiled by scripts/bench. */
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    char error[PCAP_ERRBUF_SIZE];
    struct pcap_pkthdr *header;
    const u_char *data;
    uint64_t packets = 0, bytes = 0;
    pcap_t *capture;
    int status;

    if (argc != 2) {
        fprintf(stderr, "usage: count FILE\n");
        return 2;
    }
    capture = pcap_open_offline(argv[1], error);
    if (capture == NULL) {
        fprintf(stderr, "count: %s\n", error);
        return 1;
    }
    while ((status = pcap_next_ex(capture, &header, &data)) == 1) {
        packets++;
        bytes += header->len;
    }
    if (status == PCAP_ERROR)
        fprintf(stderr, "count: %s\n", pcap_geterr(capture));
    pcap_close(capture);
    printf("%" PRIu64 " packets, %" PRIu64 " bytes\n", packets, bytes);
    return status == PCAP_ERROR;
}
