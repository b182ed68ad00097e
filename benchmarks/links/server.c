/* A web of many hosts in one thread: 127.0.0.2 and on, all at one port, kept alive.
 *
 *     server -p PORT -s CONTROL -a ADDRESSES -l MS [-d PAGES] [-c CERTIFICATES -k KEY]
 *
 * Every answer waits MS milliseconds and depends on the path (the table `kinds`); /text/N is the
 * file N.html of the folder PAGES. With a certificate the hosts speak TLS. At the port CONTROL of
 * the first address, always plain, /__stats tells as JSON what was asked, /__reset forgets it.
 * Needs Linux (epoll) and OpenSSL: cc -O2 server.c -lssl -lcrypto. It ends with the process that
 * started it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_HOSTS = 253, MOST_INPUT = 8192, MOST_PAGE = 1 << 18, ONCE_SLOTS = 1 << 16 };

struct host {
    char address[32];
    int listener;
    unsigned requests, in_flight, most;
    double first, last, gap, answered; /* milliseconds; first and last start, smallest gap */
};

struct conn {
    struct host *host;
    int fd;
    SSL *ssl;
    bool waiting, reset, over;
    size_t got, size, sent;
    char in[MOST_INPUT + 1], *out;
};

enum act { PAGE, ONCE, FILED, TO_OK, SLOW, RESET };

#define OK_PAGE NULL /* the page of 8 KiB */
static const struct kind {
    const char *prefix, *status, *headers, *body;
    enum act act;
} kinds[] = {
    {"/ok/", "200 OK", "", OK_PAGE, PAGE},
    {"/text/", "200 OK", "", "", FILED},
    {"/404/", "404 Not Found", "", "<h1>Not found</h1>", PAGE},
    {"/410/", "410 Gone", "", "<h1>Gone</h1>", PAGE},
    {"/redirect/", "301 Moved Permanently", "Location: /ok/", "", TO_OK},
    {"/403/", "403 Forbidden", "", "<h1>Forbidden</h1>", PAGE},
    {"/wall/", "403 Forbidden", "Server: cloudflare\r\ncf-mitigated: challenge\r\n", "", PAGE},
    {"/waf/", "202 Accepted", "x-amzn-waf-action: challenge\r\n", "", PAGE},
    {"/429/", "429 Too Many Requests", "Retry-After: 1\r\n", "", ONCE},
    {"/500/", "500 Internal Server Error", "", "<h1>Error</h1>", PAGE},
    {"/503-once/", "503 Service Unavailable", "", "", ONCE},
    {"/slow/", "200 OK", "", OK_PAGE, SLOW}, /* /slow/SECONDS/… */
    {"/soft404/", "200 OK", "", "<title>Page not found</title><h1>Page not found</h1>", PAGE},
    {"/home/", "302 Found", "Location: /\r\n", "", PAGE},
    {"/reset/", "", "", "", RESET},
    {"/", "404 Not Found", "", "<h1>Not found</h1>", PAGE},
};

static struct host hosts[MOST_HOSTS], control;
static int host_count = 200, poller;
static double latency;
static const char *folder = ".";
static unsigned connections, in_flight, most_in_flight;
static unsigned long long once[ONCE_SLOTS];
static SSL_CTX *tls;
static char page[8192];

/* What waits for its time: a heap, the earliest on top. */
static struct timer { double due; struct conn *conn; } *heap;
static size_t heap_size, heap_room;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void wait_until(double due, struct conn *conn)
{
    if (heap_size == heap_room) {
        heap_room = heap_room ? heap_room * 2 : 256;
        if (!(heap = realloc(heap, heap_room * sizeof *heap))) err(1, "realloc");
    }
    size_t at = heap_size++;
    for (; at && heap[(at - 1) / 2].due > due; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = (struct timer){due, conn};
}

static struct conn *earliest(void)
{
    struct conn *conn = heap[0].conn;
    struct timer last = heap[--heap_size];
    size_t at = 0, child;
    while ((child = 2 * at + 1) < heap_size) {
        if (child + 1 < heap_size && heap[child + 1].due < heap[child].due) child++;
        if (heap[child].due >= last.due) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return conn;
}

/* True the first time that this host is asked for this path. */
static bool first_time(const struct host *host, const char *path)
{
    unsigned long long key = 14695981039346656037ULL ^ (unsigned)(host - hosts);
    for (; *path; path++) key = (key ^ (unsigned char)*path) * 1099511628211ULL;
    key |= 1;
    unsigned slot = key % ONCE_SLOTS;
    for (; once[slot]; slot = (slot + 1) % ONCE_SLOTS)
        if (once[slot] == key) return false;
    once[slot] = key;
    return true;
}

static void forget(void)
{
    connections = most_in_flight = 0;
    memset(once, 0, sizeof once);
    for (struct host *h = hosts; h < hosts + host_count; h++) {
        h->requests = h->most = 0;
        h->first = h->last = h->gap = h->answered = 0;
    }
}

static size_t statistics(char *text, size_t room)
{
    size_t used = snprintf(text, room, "{\"connections\": %u, \"most_in_flight\": %u, \"hosts\": [",
                           connections, most_in_flight);
    for (struct host *h = hosts; h < hosts + host_count; h++)
        used += snprintf(text + used, room - used,
                         "%s{\"address\": \"%s\", \"requests\": %u, \"most_in_flight\": %u, "
                         "\"smallest_gap\": %.2f, \"first\": %.2f, \"answered\": %.2f}",
                         h == hosts ? "" : ",\n", h->address, h->requests, h->most, h->gap,
                         h->first, h->answered);
    return used + snprintf(text + used, room - used, "]}\n");
}

static size_t filed(const char *name, char *text, size_t room)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%lu.html", folder, strtoul(name, NULL, 10));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) err(1, "%s", path);
    ssize_t size = read(fd, text, room);
    close(fd);
    return size < 0 ? 0 : size;
}

/* Put the answer to a path into the connection; how many milliseconds it is to wait. */
static double compose(struct conn *conn, const char *method, const char *path)
{
    static char body[MOST_PAGE];
    const char *text = body, *status = "200 OK", *headers = "", *tail = "", *end = "";
    size_t size = 0;
    double wait = latency;
    if (conn->host == &control) {
        if (!strcmp(path, "/__reset")) forget();
        size = statistics(body, sizeof body);
        wait = 0;
    } else if (!strcmp(path, "/")) {
        text = "<h1>Home</h1>", size = strlen(text);
    } else {
        const struct kind *kind = kinds;
        while (strncmp(path, kind->prefix, strlen(kind->prefix))) kind++;
        tail = path + strlen(kind->prefix);
        text = kind->body, status = kind->status, headers = kind->headers;
        if (kind->act == ONCE && !first_time(conn->host, path))
            text = OK_PAGE, status = "200 OK", headers = "";
        size = text ? strlen(text) : sizeof page;
        text = text ? text : page;
        if (kind->act == FILED) size = filed(tail, body, sizeof body), text = body;
        if (kind->act == SLOW) wait += 1e3 * atof(tail);
        if (kind->act == TO_OK) end = "\r\n"; else tail = "";
        conn->reset = kind->act == RESET;
    }
    conn->out = realloc(conn->out, size + MOST_INPUT + 512);
    if (!conn->out) err(1, "realloc");
    conn->size = sprintf(conn->out,
                         "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s%s%s\r\n",
                         status,
                         conn->host == &control ? "application/json" : "text/html; charset=utf-8",
                         size, headers, tail, end);
    conn->sent = 0;
    if (strcmp(method, "HEAD")) memcpy(conn->out + conn->size, text, size), conn->size += size;
    return wait;
}

static void count_start(struct host *host)
{
    double started = now(), gap = started - host->last;
    if (!host->requests) host->first = started;
    else if (host->requests == 1 || gap < host->gap) host->gap = gap;
    host->last = started;
    host->requests++;
    if (++host->in_flight > host->most) host->most = host->in_flight;
    if (++in_flight > most_in_flight) most_in_flight = in_flight;
}

static void count_end(struct host *host)
{
    in_flight--;
    host->in_flight--;
    host->answered = now();
}

static void drop(struct conn *conn)
{
    if (conn->reset) {
        struct linger now_ = {1, 0};
        setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &now_, sizeof now_);
    }
    close(conn->fd);
    SSL_free(conn->ssl);
    free(conn->out);
    free(conn);
}

/* Bytes read or written; 0 where the peer has gone, -1 where it is to be tried again. */
static ssize_t transfer(struct conn *conn, bool writing, char *data, size_t size)
{
    ssize_t done;
    if (!conn->ssl) {
        done = writing ? send(conn->fd, data, size, MSG_NOSIGNAL) : recv(conn->fd, data, size, 0);
        return done < 0 ? (errno == EAGAIN ? -1 : 0) : done;
    }
    done = writing ? SSL_write(conn->ssl, data, size) : SSL_read(conn->ssl, data, size);
    if (done > 0) return done;
    int why = SSL_get_error(conn->ssl, done);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? -1 : 0;
}

/* Go on with a connection until it must wait: for its peer, or for its time. */
static void pump(struct conn *conn)
{
    char method[16], path[MOST_INPUT];
    while (!conn->waiting) {
        bool writing = conn->sent < conn->size;
        char *data = writing ? conn->out + conn->sent : conn->in + conn->got;
        size_t left = writing ? conn->size - conn->sent : MOST_INPUT - conn->got;
        ssize_t done = left ? transfer(conn, writing, data, left) : 0;
        if (done < 0) return;
        if (!done) { drop(conn); return; }
        if (writing) {
            conn->sent += done;
            if (conn->sent == conn->size && conn->over) { drop(conn); return; }
            continue;
        }
        conn->in[conn->got += done] = 0;
        if (!strstr(conn->in, "\r\n\r\n")) continue;
        if (sscanf(conn->in, "%15s %8191s", method, path) != 2 || path[0] != '/') {
            drop(conn);
            return;
        }
        conn->over = strcasestr(conn->in, "\r\nConnection: close") != NULL;
        conn->got = 0;
        double wait = compose(conn, method, path);
        if (conn->host == &control) continue;
        count_start(conn->host);
        conn->waiting = true;
        wait_until(now() + wait, conn);
    }
}

/* The time of a connection has come: send what waits in it. */
static void wake(struct conn *conn)
{
    conn->waiting = false;
    count_end(conn->host);
    if (conn->reset) drop(conn);
    else pump(conn);
}

static void accept_all(struct host *host)
{
    int fd, on = 1;
    while ((fd = accept4(host->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct conn *conn = calloc(1, sizeof *conn);
        if (!conn) err(1, "calloc");
        conn->host = host, conn->fd = fd;
        connections += host != &control;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (tls && host != &control) {
            conn->ssl = SSL_new(tls);
            SSL_set_fd(conn->ssl, fd);
            SSL_set_accept_state(conn->ssl);
        }
        struct epoll_event event = {EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {.ptr = conn}};
        if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event)) err(1, "epoll_ctl");
    }
    if (errno != EAGAIN && errno != ECONNABORTED) err(1, "accept4");
}

static void open_host(struct host *host, int number, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    int on = 1;
    snprintf(host->address, sizeof host->address, "127.0.0.%d", number + 2);
    inet_pton(AF_INET, host->address, &at.sin_addr);
    host->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(host->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(host->listener, (struct sockaddr *)&at, sizeof at) || listen(host->listener, 1024))
        err(1, "%s:%d", host->address, port);
    struct epoll_event event = {EPOLLIN, {.ptr = host}};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, host->listener, &event)) err(1, "epoll_ctl");
}

static void use_tls(const char *certificates, const char *key)
{
    tls = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS);
    if (SSL_CTX_use_certificate_chain_file(tls, certificates) != 1
        || SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1)
        errx(1, "no certificate in %s and %s", certificates, key);
}

static void serve(void)
{
    struct epoll_event events[512];
    for (;;) {
        double left = heap_size ? heap[0].due - now() : 1e3;
        int count = epoll_wait(poller, events, 512, left <= 0 ? 0 : (int)left + 1);
        for (int i = 0; i < count; i++) {
            struct host *host = events[i].data.ptr;
            bool known = host >= hosts && host < hosts + host_count;
            if (known || host == &control) { accept_all(host); continue; }
            struct conn *conn = events[i].data.ptr;
            /* A client that goes away during its wait is noticed when its time has come. */
            if (!conn->waiting) pump(conn);
        }
        for (double t = now(); heap_size && heap[0].due <= t;) wake(earliest());
    }
}

int main(int argc, char **argv)
{
    const char *certificates = NULL, *key = NULL;
    int option, port = 8000, control_port = 8001;
    while ((option = getopt(argc, argv, "p:s:a:l:d:c:k:")) != -1) {
        if (option == 'p') port = atoi(optarg);
        else if (option == 's') control_port = atoi(optarg);
        else if (option == 'a') host_count = atoi(optarg);
        else if (option == 'l') latency = atof(optarg);
        else if (option == 'd') folder = optarg;
        else if (option == 'c') certificates = optarg;
        else if (option == 'k') key = optarg;
        else errx(2, "see the beginning of server.c");
    }
    if (host_count < 1 || host_count > MOST_HOSTS) errx(2, "-a: 1 to %d addresses", MOST_HOSTS);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGPIPE, SIG_IGN);
    memset(page, 'x', sizeof page);
    memcpy(page, "<title>A page</title><p>", 24);
    if (certificates && key) use_tls(certificates, key);
    if ((poller = epoll_create1(EPOLL_CLOEXEC)) < 0) err(1, "epoll_create1");
    for (int i = 0; i < host_count; i++) open_host(&hosts[i], i, port);
    open_host(&control, 0, control_port);
    puts("ready");
    fflush(stdout);
    serve();
}
