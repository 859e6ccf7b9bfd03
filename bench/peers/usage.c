/* Runs a command and writes "SECONDS CPU_SECONDS PEAK_KB" to a file: wall, user + system of the command and what it waited for, and its
 * largest resident set. To the microsecond, where time(1) has hundredths. Ends with the command's exit code. Compiled by scripts/bench. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(struct timeval time)
{
    return time.tv_sec + time.tv_usec * 1e-6;
}

int main(int argc, char **argv)
{
    struct timespec begun, ended;
    struct rusage usage;
    FILE *file;
    pid_t child;
    int status;

    if (argc < 3) {
        fprintf(stderr, "usage: usage FILE COMMAND...\n");
        return 2;
    }
    clock_gettime(CLOCK_MONOTONIC, &begun);
    child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        perror("usage");
        return 1;
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    file = fopen(argv[1], "w");
    if (file == NULL) {
        perror(argv[1]);
        return 1;
    }
    fprintf(file, "%.6f %.6f %ld\n", (ended.tv_sec - begun.tv_sec) + (ended.tv_nsec - begun.tv_nsec) * 1e-9,
        seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), usage.ru_maxrss);
    if (fclose(file) != 0) {
        perror(argv[1]);
        return 1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
