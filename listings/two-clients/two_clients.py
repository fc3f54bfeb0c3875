"""Program 3 of the notes, mended: a blocking server of two connections."""
import os
import socket
import sys

addr = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8989"
host, port = addr.rsplit(":", 1)

server = socket.socket()
if os.name == "posix":
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, int(port)))
server.listen(10)
print("listening on %s:%d" % server.getsockname(), flush=True)

# ANCHOR: accept_both
clients = []
for nth in range(1, 3):
    conn, peer = server.accept()
    print("%s:%d came, %d of 2" % (*peer, nth), flush=True)
    clients.append((conn, peer))
# ANCHOR_END: accept_both

# ANCHOR: serve_in_turn
for conn, peer in clients:
    print("now serving %s:%d" % peer, flush=True)
    try:
        while data := conn.recv(1024):
            conn.sendall(data)
        print("%s:%d left" % peer, flush=True)
    except OSError as e:
        print("%s:%d failed: %s" % (*peer, e), flush=True)
    conn.close()
# ANCHOR_END: serve_in_turn
server.close()
