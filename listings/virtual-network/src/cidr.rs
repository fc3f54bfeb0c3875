//! Addresses with the length of their network's prefix, as people write them.

use std::io;

use smoltcp::wire::IpCidr;

use crate::error::invalid;

/// The addresses of one card: at most as many as an interface has room for.
pub(crate) fn parse_all(addresses: &[&str]) -> io::Result<Vec<IpCidr>> {
    if addresses.len() > 8 {
        return Err(invalid("at most eight addresses for a card".into()));
    }
    let all: Vec<_> =
        addresses.iter().map(|a| parse(a)).collect::<Result<_, _>>()?;
    match all.iter().find(|own| !own.address().is_unicast()) {
        Some(own) => Err(invalid(format!("{own} is not one host's address"))),
        None => Ok(all),
    }
}

/// `10.0.0.1/24` or `fd00::1/64`.
pub(crate) fn parse(cidr: &str) -> io::Result<IpCidr> {
    let why = || format!("{cidr} is not an address with a prefix length");
    cidr.parse().map_err(|()| invalid(why()))
}
