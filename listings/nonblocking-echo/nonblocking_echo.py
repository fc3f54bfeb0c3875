"""Program 4 of the notes, mended: one thread asks everybody in turn."""
import os
import signal
import socket
import sys

# ANCHOR: errors
NOT_NOW = (BlockingIOError, InterruptedError)
GONE_AGAIN = (ConnectionAbortedError, ConnectionResetError)  # for accept
# ANCHOR_END: errors


class Client:
    def __init__(self, conn, peer):
        self.conn, self.peer, self.unsent = conn, peer, b""

    # ANCHOR: turn
    def turn(self):
        """False: the client has ended, and has everything."""
        if not self.unsent:
            self.unsent = self.conn.recv(65536)
            if not self.unsent:
                return False
        sent = self.conn.send(self.unsent)  # may take only a part
        self.unsent = self.unsent[sent:]
        return True

    def stays_after_its_turn(self):
        try:
            if self.turn():
                return True
            print("%s:%d left" % self.peer, flush=True)
        except NOT_NOW:
            return True
        except OSError as e:
            print("%s:%d is lost: %s" % (*self.peer, e), flush=True)
        self.conn.close()
        return False
    # ANCHOR_END: turn


signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C: end, and say nothing
addr = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8989"
host, port = addr.rsplit(":", 1)

server = socket.socket()
if os.name == "posix":
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.setblocking(False)
server.bind((host, int(port)))
server.listen()
print("listening on %s:%d" % server.getsockname(), flush=True)

# ANCHOR: rounds
clients = []
accepting = True
while True:
    for _ in range(128):
        try:
            conn, peer = server.accept()
            conn.setblocking(False)
            print("%s:%d came" % peer, flush=True)
            clients.append(Client(conn, peer))
            accepting = True
        except GONE_AGAIN:
            pass
        except NOT_NOW:
            break
        except OSError as e:
            if accepting:
                print(f"cannot accept for now: {e}", flush=True)
            accepting = False  # said once, not in every round
            break
    clients = [c for c in clients if c.stays_after_its_turn()]
# ANCHOR_END: rounds
