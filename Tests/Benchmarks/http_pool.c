#include "http_pool.h"

#include "buffer.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// A request that waits or is under way. The URL and the body live in its own buffer, one after the other.
struct transfer {
    struct transfer *next;
    CURL *easy;
    struct buffer text;
    size_t url_length;
    bool has_body;
};

struct http_pool {
    struct loop *loop;
    CURLM *multi;
    struct curl_slist *headers;
    http_done done;
    void *context;
    CURL **idle;
    int idle_count;
    int connections;
    struct transfer *first; // of those that wait
    struct transfer *last;
    struct transfer *spare;
    struct socket_watch **sockets; // by descriptor
    size_t socket_count;
    struct socket_watch *closed;
    uint64_t deadline; // of libcurl's timer; UINT64_MAX: none
};

/// A socket of libcurl's. Between two requests libcurl wants no events of it; it stays in the loop all the same, which
/// saves two system calls a request, until it reports something that nobody waits for.
struct socket_watch {
    struct watch watch; // first: the loop hands this back
    struct http_pool *pool;
    struct socket_watch *next;
    uint32_t events; // in the loop; 0: not in it
    bool is_wanted;
};

static size_t discard(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes, (void)context;
    return size * count;
}

static void start(struct http_pool *pool, struct transfer *transfer) {
    CURL *easy = pool->idle[--pool->idle_count];
    const char *url = buffer_bytes(&transfer->text);
    transfer->easy = easy;
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    if (transfer->has_body) {
        size_t offset = transfer->url_length + 1;
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, url + offset);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)(buffer_length(&transfer->text) - offset));
    } else {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    }
    curl_multi_add_handle(pool->multi, easy);
}

void http_pool_send(struct http_pool *pool, const char *url, const void *body, size_t length) {
    struct transfer *transfer = pool->spare;
    if (transfer) {
        pool->spare = transfer->next;
    } else if (!(transfer = calloc(1, sizeof *transfer))) {
        perror("benchmark");
        exit(EXIT_FAILURE);
    }
    transfer->next = NULL;
    transfer->has_body = body != NULL;
    transfer->url_length = strlen(url);
    buffer_append(&transfer->text, url, transfer->url_length + 1);
    buffer_append(&transfer->text, body, length);
    if (pool->idle_count > 0) {
        start(pool, transfer);
    } else if (pool->first) {
        pool->last = pool->last->next = transfer;
    } else {
        pool->first = pool->last = transfer;
    }
}

static void finish(struct http_pool *pool, CURL *easy, CURLcode code) {
    struct transfer *transfer = NULL;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    if (code == CURLE_OK) {
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_multi_remove_handle(pool->multi, easy);
    pool->idle[pool->idle_count++] = easy;
    buffer_consume(&transfer->text, buffer_length(&transfer->text));
    transfer->next = pool->spare;
    pool->spare = transfer;
    if (pool->first) {
        struct transfer *waiting = pool->first;
        pool->first = waiting->next;
        start(pool, waiting);
    }
    pool->done(pool->context, status);
}

static void collect(struct http_pool *pool) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(pool->multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            finish(pool, message->easy_handle, message->data.result);
        }
    }
}

static void socket_ready(struct watch *watch, uint32_t events) {
    struct socket_watch *socket = (struct socket_watch *)watch;
    struct http_pool *pool = socket->pool;
    if (!socket->is_wanted) {
        loop_remove(pool->loop, watch);
        socket->events = 0;
        return;
    }
    int running, mask = 0;
    mask |= events & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0;
    mask |= events & EPOLLOUT ? CURL_CSELECT_OUT : 0;
    mask |= events & EPOLLERR ? CURL_CSELECT_ERR : 0;
    curl_multi_socket_action(pool->multi, watch->fd, mask, &running);
    collect(pool);
}

/// libcurl tells which events of a socket it waits for.
static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *unused) {
    (void)easy, (void)unused;
    struct http_pool *pool = context;
    struct socket_watch *socket = (size_t)fd < pool->socket_count ? pool->sockets[fd] : NULL;
    if (!socket) {
        return 0;
    }
    socket->is_wanted = what != CURL_POLL_REMOVE;
    uint32_t events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
    if (socket->is_wanted && socket->events != events) {
        (socket->events ? loop_change : loop_add)(pool->loop, &socket->watch, events);
        socket->events = events;
    }
    return 0;
}

/// Makes room for a descriptor in the table. Returns false when memory is short.
static bool reserve_socket(struct http_pool *pool, size_t fd) {
    if (fd >= pool->socket_count) {
        size_t count = fd + 64;
        struct socket_watch **sockets = realloc(pool->sockets, count * sizeof *sockets);
        if (!sockets) {
            return false;
        }
        memset(sockets + pool->socket_count, 0, (count - pool->socket_count) * sizeof *sockets);
        pool->sockets = sockets;
        pool->socket_count = count;
    }
    return true;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)purpose;
    struct http_pool *pool = context;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    struct socket_watch *watch = calloc(1, sizeof *watch);
    if (fd < 0 || !watch || !reserve_socket(pool, (size_t)fd)) {
        free(watch);
        close(fd);
        return CURL_SOCKET_BAD;
    }
    *watch = (struct socket_watch){.watch = {.fd = fd, .ready = socket_ready}, .pool = pool};
    pool->sockets[fd] = watch;
    return fd;
}

static int close_socket(void *context, curl_socket_t fd) {
    struct http_pool *pool = context;
    struct socket_watch *watch = pool->sockets[fd];
    if (watch) {
        // The kernel takes a closed descriptor out of the loop; the step that runs may still hold an event of it.
        watch->watch.fd = -1;
        watch->next = pool->closed;
        pool->closed = watch;
        pool->sockets[fd] = NULL;
    }
    return close(fd);
}

static void free_closed(struct http_pool *pool) {
    while (pool->closed) {
        struct socket_watch *watch = pool->closed;
        pool->closed = watch->next;
        free(watch);
    }
}

static int set_timer(CURLM *multi, long timeout, void *context) {
    (void)multi;
    struct http_pool *pool = context;
    pool->deadline = timeout < 0 ? UINT64_MAX : clock_now() + (uint64_t)timeout * 1000000;
    return 0;
}

int http_pool_timeout(const struct http_pool *pool, int limit) {
    if (pool->deadline == UINT64_MAX) {
        return limit;
    }
    uint64_t now = clock_now();
    uint64_t left = pool->deadline > now ? (pool->deadline - now + 999999) / 1000000 : 0;
    return limit >= 0 && left > (uint64_t)limit ? limit : (int)(left > 60000 ? 60000 : left);
}

void http_pool_tick(struct http_pool *pool) {
    while (pool->deadline != UINT64_MAX && clock_now() >= pool->deadline) {
        int running;
        pool->deadline = UINT64_MAX;
        curl_multi_socket_action(pool->multi, CURL_SOCKET_TIMEOUT, 0, &running);
        collect(pool);
    }
    free_closed(pool);
}

struct http_pool *http_pool_create(struct loop *loop, int connections, const char *const *headers, http_done done,
                                   void *context) {
    struct http_pool *pool = calloc(1, sizeof *pool);
    if (!pool || curl_global_init(CURL_GLOBAL_ALL) != 0) {
        free(pool);
        return NULL;
    }
    *pool = (struct http_pool){
        .loop = loop, .multi = curl_multi_init(), .done = done, .context = context, .deadline = UINT64_MAX};
    pool->connections = connections;
    pool->idle = calloc((size_t)connections, sizeof *pool->idle);
    // "Expect: 100-continue" would cost a round trip.
    pool->headers = curl_slist_append(NULL, "Expect:");
    for (; *headers; headers++) {
        pool->headers = curl_slist_append(pool->headers, *headers);
    }
    curl_multi_setopt(pool->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    curl_multi_setopt(pool->multi, CURLMOPT_SOCKETDATA, pool);
    curl_multi_setopt(pool->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(pool->multi, CURLMOPT_TIMERDATA, pool);
    curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, (long)connections);
    while (pool->idle && pool->idle_count < connections) {
        CURL *easy = curl_easy_init();
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, pool->headers);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, pool);
        curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
        curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, pool);
        pool->idle[pool->idle_count++] = easy;
    }
    return pool;
}

void http_pool_destroy(struct http_pool *pool) {
    for (int index = 0; index < pool->idle_count; index++) {
        curl_easy_cleanup(pool->idle[index]);
    }
    curl_multi_cleanup(pool->multi);
    curl_slist_free_all(pool->headers);
    free_closed(pool);
    free(pool->sockets);
    while (pool->spare) {
        struct transfer *transfer = pool->spare;
        pool->spare = transfer->next;
        buffer_free(&transfer->text);
        free(transfer);
    }
    free(pool->idle);
    free(pool);
}
