//! The virtual network, from outside. All in simulated time.

#![expect(clippy::unwrap_used, reason = "a test says what it holds for sure")]

mod common;
mod events;
mod facts;
mod layers;
mod repair;
mod router;
mod tcp;
