/// `bench-microfloor`: what single operations cost in C, printed as one JSON object.

#include "microfloor.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
    "usage: bench-microfloor [--url URL] [--in-flight N] [--requests N] [--directory PATH]\n"
    "HTTP is measured only with a URL, SQLite only with a directory.\n";

int main(int count, char **arguments) {
    static const struct option options[] = {{"url", required_argument, NULL, 'u'},
                                            {"in-flight", required_argument, NULL, 'f'},
                                            {"requests", required_argument, NULL, 'r'},
                                            {"directory", required_argument, NULL, 'd'},
                                            {0}};
    const char *url = NULL, *directory = NULL;
    int option, in_flight = 64, requests = 100000;
    while ((option = getopt_long(count, arguments, "", options, NULL)) != -1) {
        url = option == 'u' ? optarg : url;
        directory = option == 'd' ? optarg : directory;
        in_flight = option == 'f' ? atoi(optarg) : in_flight;
        requests = option == 'r' ? atoi(optarg) : requests;
        if (option == '?') {
            fputs(usage, stderr);
            return EXIT_FAILURE;
        }
    }
    if (in_flight <= 0 || requests <= 0 || optind != count) {
        fputs(usage, stderr);
        return EXIT_FAILURE;
    }
    struct buffer results = {0};
    buffer_format(&results, "{\"type\":\"microfloor\"");
    bool is_whole = microfloor_lua(&results);
    is_whole = (!url || microfloor_http(&results, url, in_flight, (unsigned)requests)) && is_whole;
    is_whole = (!directory || microfloor_sqlite(&results, directory)) && is_whole;
    buffer_append(&results, "}\n", 2);
    fwrite(buffer_bytes(&results), 1, buffer_length(&results), stdout);
    buffer_free(&results);
    return is_whole ? EXIT_SUCCESS : EXIT_FAILURE;
}
