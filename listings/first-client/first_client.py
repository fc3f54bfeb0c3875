"""Program 2 of the notes, mended: the reply is read to its end."""
import socket
import sys

addr = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8989"
host, port = addr.rsplit(":", 1)

# ANCHOR: connect
client = socket.socket()
client.connect((host, int(port)))
print(f"connected to {addr}", flush=True)
# ANCHOR_END: connect

# ANCHOR: send
print("sending 5 bytes, and then nothing more", flush=True)
client.sendall(b"hello")
client.shutdown(socket.SHUT_WR)
# ANCHOR_END: send

# ANCHOR: read_to_end
reply = b""
while True:
    data = client.recv(1024)
    print(f"read {len(data)} bytes", flush=True)
    if not data:
        break  # the server will send no more
    reply += data
print(f'the reply: "{reply.decode(errors="replace")}"', flush=True)
# ANCHOR_END: read_to_end
client.close()
