//! How often somebody may try to log in: by address, and all together.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use moka::sync::Cache;

use crate::channel::web::limit::whose;

/// Over which attempts are counted.
const PERIOD: Duration = Duration::from_mins(15);

/// Failed attempts of one address in a period.
pub const PER_ADDRESS: u32 = 10;

/// Failed attempts of all addresses together in a period: who has many addresses guesses no faster.
pub const IN_ALL: u32 = 200;

/// Addresses that are counted at once.
const MAX_ADDRESSES: u64 = 10_000;

/// Failed attempts to log in.
pub struct Attempts {
    addresses: Cache<IpAddr, Arc<AtomicU32>>,
    all: Cache<(), Arc<AtomicU32>>,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            addresses: Cache::builder().max_capacity(MAX_ADDRESSES).time_to_live(PERIOD).build(),
            all: Cache::builder().max_capacity(1).time_to_live(PERIOD).build(),
        }
    }
}

impl Attempts {
    /// Counts an attempt before it is looked at, so that many at once do not get past; fails with the time to wait when
    /// there were too many. Only where a password may be guessed, the attempts of all count together: nobody shall lock out
    /// those who come by a link or from Telegram.
    pub fn begin(&self, address: IpAddr, is_guessable: bool) -> Result<(), Duration> {
        let count = |count: Arc<AtomicU32>, max| {
            if count.fetch_add(1, Ordering::Relaxed) < max { Ok(()) } else { Err(PERIOD) }
        };
        count(self.addresses.get_with(whose(address), Arc::default), PER_ADDRESS)?;
        // What was refused above does not count here: one address would lock out all.
        if is_guessable { count(self.all.get_with((), Arc::default), IN_ALL) } else { Ok(()) }
    }

    /// The attempt succeeded: it no longer counts.
    pub fn succeeded(&self, address: IpAddr, is_guessable: bool) {
        let all = self.all.get(&()).filter(|_| is_guessable);
        for count in [self.addresses.get(&whose(address)), all].into_iter().flatten() {
            // Begun before, so it is at least one, unless the period ended in between.
            count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| count.checked_sub(1)).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_fails_too_often_waits_and_the_others_do_not() {
        let attempts = Attempts::default();
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        for _ in 0..2 * PER_ADDRESS {
            assert_eq!(attempts.begin(one, true), Ok(()));
            attempts.succeeded(one, true);
        }
        for _ in 0..PER_ADDRESS {
            assert_eq!(attempts.begin(one, true), Ok(()));
        }
        assert_eq!(attempts.begin(one, true), Err(PERIOD));
        assert_eq!(attempts.begin(other, true), Ok(()));
    }

    #[test]
    fn many_addresses_together_wait_too() {
        let attempts = Attempts::default();
        let passed =
            (0..2 * IN_ALL).filter(|n| attempts.begin(IpAddr::from(n.to_be_bytes()), true).is_ok()).count();
        assert_eq!(passed, IN_ALL as usize);
    }
}
