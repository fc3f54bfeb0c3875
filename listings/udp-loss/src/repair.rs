//! Repair by hand: bob acknowledges each number, and alice sends again what
//! was not acknowledged in time.
use std::time::Duration;

use virtual_network::{Network, UdpSocket};

use crate::BOB;

/// More than the way there and back takes: 20 ms.
const TIMER: Duration = Duration::from_millis(50);

/// After so many attempts alice gives up.
const ATTEMPTS: u32 = 5;

/// Both ends, and the network between them.
pub struct Repair<'a> {
    pub net: &'a mut Network,
    pub alice: UdpSocket,
    pub bob: UdpSocket,
    /// The number that bob has not yet had.
    pub expected: u8,
}

impl Repair<'_> {
    // ANCHOR: alice
    /// Alice sends a number until bob's acknowledgement has come.
    pub fn send(&mut self, number: u8) -> anyhow::Result<()> {
        for _ in 0..ATTEMPTS {
            self.say(format!("alice sends {number}"));
            self.net.udp_send_to(self.alice, &[number], BOB)?;
            let end = self.net.now() + TIMER;
            while self.net.now() < end {
                self.net.run_for(Duration::from_millis(1));
                self.serve()?;
                if self.acknowledged(number) {
                    self.say(format!("alice knows that {number} came"));
                    return Ok(());
                }
            }
            self.say("alice: no answer came in time".to_string());
        }
        anyhow::bail!("bob does not answer")
    }
    // ANCHOR_END: alice

    /// Looks through what came to alice; it may be about an earlier number.
    fn acknowledged(&mut self, number: u8) -> bool {
        while let Ok((data, _)) = self.net.udp_recv_from(self.alice) {
            if data == [number] {
                return true;
            }
        }
        false
    }

    // ANCHOR: bob
    /// Bob acknowledges whatever came, and takes each number once.
    fn serve(&mut self) -> anyhow::Result<()> {
        while let Ok((data, from)) = self.net.udp_recv_from(self.bob) {
            if data == [self.expected] {
                self.say(format!("bob takes {}, says so", data[0]));
                self.expected += 1;
            } else {
                self.say(format!("bob has {} already, says so", data[0]));
            }
            self.net.udp_send_to(self.bob, &data, from)?;
        }
        Ok(())
    }
    // ANCHOR_END: bob

    fn say(&self, what: String) {
        println!("{:.3} s {what}", self.net.now().as_secs_f64());
    }
}
