/* What a server like the listing epoll-echo costs at least: in C, with the same
 * system calls for each message. In the repository's root:
 * mkdir -p target; cc -O2 -o target/epoll_echo listings/epoll-echo/epoll_echo.c
 * It needs Linux, and knows IPv4 alone. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct client {
    int fd;
    struct sockaddr_in peer;
    char *unsent; /* read, and not taken by the kernel yet; or NULL */
    ssize_t len;
};

static int epoll, listener;
static time_t paused_until; /* if not 0: there are no descriptors left */
static char buf[64 * 1024]; /* read into here, and sent back from here */

/* `client` comes back with the event; NULL is the listener. */
static int watch(int how, int fd, unsigned interest, struct client *client) {
    struct epoll_event event = { .events = interest, .data.ptr = client };
    return epoll_ctl(epoll, how, fd, &event);
}

static time_t now(void) {
    struct timespec time; /* since some start: nobody sets this clock */
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

static void pause_accepting(int pause) {
    if (pause)
        printf("cannot accept for now: %s\n", strerror(errno));
    paused_until = pause ? now() + 2 : 0; /* for a second or two */
    if (watch(EPOLL_CTL_MOD, listener, pause ? 0 : EPOLLIN, NULL) < 0)
        err(1, "cannot watch the listener");
}

static void say(const struct client *client, const char *what, int error) {
    const char *ip = inet_ntoa(client->peer.sin_addr);
    int port = ntohs(client->peer.sin_port);
    printf("%s:%d %s%s\n", ip, port, what, error ? strerror(error) : "");
}

static void let_go(struct client *client, const char *what, int error) {
    say(client, what, error);
    close(client->fd); /* by this it leaves the epoll */
    free(client->unsent);
    free(client);
    if (paused_until)
        pause_accepting(0);
}

static int not_now(void) { return errno == EAGAIN || errno == EINTR; }

/* One read and one write, so that nobody waits for who sends without end. */
static void turn(struct client *client) {
    char *old = client->unsent, *bytes = old ? old : buf;
    ssize_t len = old ? client->len : recv(client->fd, buf, sizeof buf, 0);
    if (len == 0)
        return let_go(client, "left", 0);
    ssize_t sent = len < 0 ? -1 : send(client->fd, bytes, len, MSG_NOSIGNAL);
    if (sent < 0 && !not_now())
        return let_go(client, "is lost: ", errno);
    if (len < 0 || (sent == len && !old))
        return;
    size_t rest = client->len = sent < 0 ? len : len - sent;
    if (!old && !(client->unsent = malloc(rest)))
        return let_go(client, "is lost: ", errno);
    memmove(client->unsent, bytes + len - rest, rest);
    if (old && rest > 0)
        return;
    client->unsent = old ? NULL : client->unsent;
    free(old);
    /* Stuck: wait for room, and read no more until there is some. */
    if (watch(EPOLL_CTL_MOD, client->fd, old ? EPOLLIN : EPOLLOUT, client) < 0)
        let_go(client, "is lost: ", errno);
}

static void accept_some(void) {
    for (int i = 0; i < 64; i++) { /* then the others have their turn */
        struct sockaddr_in peer;
        socklen_t len = sizeof peer;
        int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
        int fd = accept4(listener, (struct sockaddr *)&peer, &len, flags);
        if (fd < 0 && !not_now() && errno != ECONNABORTED)
            pause_accepting(1);
        if (fd < 0)
            return;
        struct client *client = malloc(sizeof *client);
        if (!client)
            err(1, "no memory for a client");
        *client = (struct client){ .fd = fd, .peer = peer };
        say(client, "came", 0);
        if (watch(EPOLL_CTL_ADD, fd, EPOLLIN, client) < 0)
            let_go(client, "cannot be watched: ", errno);
    }
}

static void start(const char *text) {
    struct sockaddr_in addr = { .sin_family = AF_INET };
    socklen_t len = sizeof addr;
    char ip[16], more;
    unsigned port, type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, on = 1;
    if (sscanf(text, "%15[0-9.]:%5u%c", ip, &port, &more) != 2
        || port > 65535 || !inet_aton(ip, &addr.sin_addr))
        errx(1, "cannot listen on %s: write it like 127.0.0.1:8989", text);
    addr.sin_port = htons(port);
    if ((epoll = epoll_create1(EPOLL_CLOEXEC)) < 0
        || (listener = socket(AF_INET, type, 0)) < 0
        || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0
        || bind(listener, (struct sockaddr *)&addr, len) < 0
        || listen(listener, 4096) < 0
        || getsockname(listener, (struct sockaddr *)&addr, &len) < 0
        || watch(EPOLL_CTL_ADD, listener, EPOLLIN, NULL) < 0)
        err(1, "cannot listen on %s", text);
    printf("listening on %s:%d\n", ip, ntohs(addr.sin_port));
}

int main(int argc, char **argv) {
    struct rlimit limit; /* each client takes a descriptor */
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    setlinebuf(stdout); /* each line at once, also into a pipe */
    start(argc > 1 ? argv[1] : "127.0.0.1:8989");
    for (;;) {
        struct epoll_event events[256];
        int n = epoll_wait(epoll, events, 256, paused_until ? 1000 : -1);
        if (n < 0 && errno != EINTR)
            err(1, "cannot wait");
        for (int i = 0; i < n; i++)
            if (events[i].data.ptr)
                turn(events[i].data.ptr);
            else
                accept_some();
        if (paused_until && now() >= paused_until)
            pause_accepting(0);
    }
}
