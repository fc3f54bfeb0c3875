//! The clients, each in a slot, so that a completion finds its own at once.
use super::client::Client;
use super::ring::Key;

#[derive(Default)]
pub struct Clients {
    slots: Vec<Option<Client>>,
    free: Vec<u32>,
    last: u64,
}

impl Clients {
    pub fn add(&mut self, make: impl FnOnce(Key) -> Client) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        self.last += 1;
        let key = Key { slot, number: self.last };
        self.slots[slot as usize] = Some(make(key));
    }

    /// The client of that key; another in its slot has another number.
    pub fn get(&mut self, key: Key) -> Option<&mut Client> {
        let client = self.slots.get_mut(key.slot as usize)?.as_mut();
        client.filter(|client| client.key == key)
    }

    pub fn remove(&mut self, key: Key) -> Option<Client> {
        self.get(key)?;
        self.free.push(key.slot);
        self.slots[key.slot as usize].take()
    }
}
