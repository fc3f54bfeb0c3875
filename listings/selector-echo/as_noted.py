"""Program 5 of the notes, with `bind` mended (it takes one tuple). The address
comes from the command line, more is printed, and the last error in one line."""
import selectors
import socket
import sys

addr = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8989"
host, port = addr.rsplit(":", 1)

select = selectors.DefaultSelector()
server = socket.socket()
server.bind((host, int(port)))
server.listen(10)
print("listening on %s:%d" % server.getsockname(), flush=True)


# ANCHOR: callbacks
def f_accept(server):
    conn, addr = server.accept()
    print("accepted a client", flush=True)
    select.register(conn, selectors.EVENT_READ, f_recv)


def f_recv(conn):
    data = conn.recv(1024)
    if data:
        print(data, flush=True)
    else:
        print("the client left", flush=True)
        conn.close()
# ANCHOR_END: callbacks


select.register(server, selectors.EVENT_READ, f_accept)

try:
    while True:
        events = select.select()
        for key, mask in events:
            func = key.data
            conn = key.fileobj
            func(conn)
except KeyError as e:
    reason = e.args[0]
    sys.exit("KeyError: the socket with " + reason[reason.rindex("(FD") :])
