"""Program 5 of the notes, mended: a selector, with callbacks."""
import os
import selectors
import signal
import socket
import sys
import time
from selectors import EVENT_READ, EVENT_WRITE

NOT_NOW = (BlockingIOError, InterruptedError)
GONE_AGAIN = (ConnectionAbortedError, ConnectionResetError)  # for accept

selector = selectors.DefaultSelector()
paused_until = None  # until then nobody is accepted: no descriptors left


class Client:
    def __init__(self, conn, peer):
        self.conn, self.peer, self.unsent = conn, peer, b""

    def fileno(self):  # the selector asks which descriptor to watch
        return self.conn.fileno()

    def send(self):
        """True: nothing is left."""
        try:
            sent = self.conn.send(self.unsent)
            self.unsent = self.unsent[sent:]
        except NOT_NOW:
            pass
        return not self.unsent


# ANCHOR: accept
def accept(server):
    try:
        conn, peer = server.accept()
    except NOT_NOW + GONE_AGAIN:
        return
    except OSError as e:
        print(f"cannot accept for now: {e}", flush=True)
        pause(True)
        return
    try:
        conn.setblocking(False)
        selector.register(Client(conn, peer), EVENT_READ, echo)
        print("%s:%d came" % peer, flush=True)
    except (OSError, ValueError) as e:
        print("%s:%d could not be watched: %s" % (*peer, e), flush=True)
        conn.close()
# ANCHOR_END: accept


# ANCHOR: echo
def echo(client):
    try:
        client.unsent = client.conn.recv(4096)
    except NOT_NOW:
        return
    if not client.unsent:
        close(client, "left")
    elif not client.send():
        selector.modify(client, EVENT_WRITE, flush)


def flush(client):
    if client.send():
        selector.modify(client, EVENT_READ, echo)
# ANCHOR_END: echo


# ANCHOR: close
def close(client, why):
    print("%s:%d %s" % (*client.peer, why), flush=True)
    selector.unregister(client)
    client.conn.close()
    if paused_until:
        pause(False)
# ANCHOR_END: close


# ANCHOR: pause
def pause(yes):
    global paused_until
    if yes:
        paused_until = time.monotonic() + 1
        selector.unregister(server)
    else:
        paused_until = None
        selector.register(server, EVENT_READ, accept)
# ANCHOR_END: pause


signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C: end, and say nothing
addr = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8989"
host, port = addr.rsplit(":", 1)

server = socket.socket()
if os.name == "posix":
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, int(port)))
server.listen()
server.setblocking(False)
print("listening on %s:%d" % server.getsockname(), flush=True)
# ANCHOR: run
selector.register(server, EVENT_READ, accept)

while True:
    limit = paused_until and max(0, paused_until - time.monotonic())
    events = selector.select(limit)
    for key, _ in events:
        try:
            key.data(key.fileobj)
        except OSError as e:
            close(key.fileobj, f"is lost: {e}")
    if paused_until and paused_until <= time.monotonic():
        pause(False)
# ANCHOR_END: run
