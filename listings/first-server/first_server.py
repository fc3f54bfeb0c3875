"""Program 1 of the notes: a server for one client."""
import json
import os
import socket
import sys

addr = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8989"
host, port = addr.rsplit(":", 1)

# ANCHOR: set_up
server = socket.socket()
if os.name == "posix":
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((host, int(port)))
server.listen(10)
print("listening on %s:%d" % server.getsockname(), flush=True)
# ANCHOR_END: set_up

# ANCHOR: accept
conn, peer = server.accept()
print("%s:%d came" % peer, flush=True)
# ANCHOR_END: accept

# ANCHOR: recv
data = conn.recv(1024)
text = data.decode(errors="replace")
text = json.dumps(text, ensure_ascii=False)  # in quotes, as Rust's {:?}
print(f"read {len(data)} bytes: {text}", flush=True)
# ANCHOR_END: recv

# ANCHOR: send
reply = b"welcome"
print(f"sending {len(reply)} bytes", flush=True)
conn.sendall(reply)
# ANCHOR_END: send

# ANCHOR: close
print("closing", flush=True)
conn.close()
server.close()
# ANCHOR_END: close
