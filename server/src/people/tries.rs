//! Tries to sign in: how long nobody tries again after some have failed.

use std::net::IpAddr;

use super::login::Login;
use crate::store::{Counted, sha256};

/// Failures of one account before there is anything to wait; whoever has forgotten a password tries a few.
const FREE: u64 = 5;
/// Of one address, from which a whole court may come.
const FREE_OF_ADDRESS: u64 = 50;
/// The longest wait for an account, and for an address: milliseconds.
const LONGEST: u64 = 15 * 60 * 1000;
const LONGEST_OF_ADDRESS: u64 = 5 * 60 * 1000;

fn doubled(failures: u64, free: u64, longest: u64) -> u64 {
    match failures.checked_sub(free) {
        None => 0,
        Some(over) => 1_000u64.checked_shl(over.min(40) as u32).unwrap_or(longest).min(longest),
    }
}

/// A try for this account from this address.
pub struct Try {
    pub account: String,
    pub address: Option<String>,
}

impl Try {
    /// Of whatever was typed as the login only a hash is kept: it may have been the password.
    pub fn of(typed: &str, login: Option<&Login>, address: Option<IpAddr>) -> Self {
        let login = login.map_or(typed, Login::as_str);
        Self { account: format!("account {}", sha256(login.as_bytes())), address: address.map(network) }
    }

    pub fn counted(&self) -> Vec<Counted> {
        let account =
            Counted { subject: self.account.clone(), wait: |failures| doubled(failures, FREE, LONGEST) };
        let address = self.address.iter().map(|address| Counted {
            subject: address.clone(),
            wait: |failures| doubled(failures, FREE_OF_ADDRESS, LONGEST_OF_ADDRESS),
        });
        std::iter::once(account).chain(address).collect()
    }
}

/// An address, or what one customer has of IPv6 addresses.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("address {address}"),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("address {a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit() {
        let waits: Vec<_> = [0, 4, 5, 6, 9, 15, 64, u64::MAX].map(|n| doubled(n, FREE, LONGEST)).into();
        assert_eq!(waits, [0, 0, 1_000, 2_000, 16_000, 900_000, 900_000, 900_000]);
    }

    #[test]
    fn what_was_typed_is_not_kept_and_a_network_is_one_address() {
        let try_of = |address: &str| Try::of("geheim!", None, Some(address.parse().unwrap()));
        assert!(!try_of("10.0.0.1").account.contains("geheim"));
        assert_eq!(try_of("2001:db8:1:2::3").address, try_of("2001:db8:1:2:ffff::9").address);
        assert_eq!(try_of("::ffff:10.0.0.1").address, try_of("10.0.0.1").address);
        assert_ne!(try_of("10.0.0.1").address, try_of("10.0.0.2").address);
    }
}
