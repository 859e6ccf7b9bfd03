/* Writes to so many megabytes of huge pages and ends. A virtual machine gets memory from its host at the first touch only: without this,
 * the run that comes first pays for the pages, and the next one finds them there. Compiled by scripts/bench. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)
#define PAGE 4096

int main(int argc, char **argv)
{
    size_t bytes, at;
    char *memory;

    if (argc != 2 || (bytes = strtoul(argv[1], NULL, 10) << 20) == 0) {
        fprintf(stderr, "usage: touch MEGABYTES\n");
        return 2;
    }
    memory = mmap(NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        perror("touch");
        return 1;
    }
    memory += HUGE_PAGE - (size_t)memory % HUGE_PAGE;
    /* Where there are no huge pages, small ones are touched. */
    madvise(memory, bytes, MADV_HUGEPAGE);
    for (at = 0; at < bytes; at += PAGE)
        *(volatile char *)(memory + at) = 1;
    return 0;
}
