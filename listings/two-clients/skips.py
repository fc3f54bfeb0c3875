"""Program 3 of the notes takes items out of the list that it walks through."""
clients = ["A", "B", "C", "D"]
for client in clients:
    print("visiting", client)
    clients.remove(client)
print("never visited:", clients)
