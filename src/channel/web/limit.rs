//! The rate limit of one address.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::Web;
use super::refusal::Refusal;

/// Requests a second that an address may make in the long run.
pub const PER_SECOND: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// Requests that it may make at once.
pub const BURST: NonZeroU32 = NonZeroU32::new(100).unwrap();

/// After how many requests the addresses are dropped that may make a whole burst again: memory is bounded by what can
/// arrive in the few seconds until then.
const CLEANUP_INTERVAL: u32 = 1_000;

/// The rate limit of each address seen lately.
pub struct Addresses {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    counted: AtomicU32,
}

impl Default for Addresses {
    fn default() -> Self {
        let limiter = RateLimiter::keyed(Quota::per_second(PER_SECOND).allow_burst(BURST));
        Self { limiter, counted: AtomicU32::default() }
    }
}

impl Addresses {
    /// Counts a request from `address`; fails with the time to wait when there were too many.
    fn count(&self, address: IpAddr) -> Result<(), Duration> {
        if self.counted.fetch_add(1, Ordering::Relaxed) % CLEANUP_INTERVAL == CLEANUP_INTERVAL - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let counted = self.limiter.check_key(&whose(address));
        counted.map_err(|refused| refused.wait_time_from(DefaultClock::default().now()))
    }
}

/// Lets a request through, or refuses it with 429.
pub async fn admit(
    State(web): State<Arc<Web>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    web.addresses.count(caller(peer.ip(), request.headers())).map_err(Refusal::too_many)?;
    Ok(next.run(request).await)
}

/// The caller: the peer, or the one for whom a proxy on this machine asks.
///
/// Only the last address of `X-Forwarded-For` counts: that one the proxy itself has written.
pub fn caller(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    let last = forwarded
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|address| address.trim().parse().ok());
    if peer.to_canonical().is_loopback() { last.unwrap_or(peer) } else { peer }
}

/// The address that is counted: an IPv6 subscriber has a /64 of them and could use a new one each time.
pub fn whose(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(peer: &str, header: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", header.parse().ok()?);
        Some(whose(caller(peer.parse().ok()?, &headers)).to_string())
    }

    #[test]
    fn only_a_proxy_on_this_machine_speaks_for_others() {
        for (peer, header, counted) in [
            ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
            ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
            ("127.0.0.1", "nonsense", "127.0.0.1"),
            ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
            ("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"),
            ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        ] {
            assert_eq!(forwarded(peer, header).as_deref(), Some(counted), "{peer} {header}");
        }
    }

    #[test]
    fn a_burst_passes_and_the_next_one_waits() {
        let addresses = Addresses::default();
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        for _ in 0..BURST.get() {
            assert_eq!(addresses.count(one), Ok(()));
        }
        let refused = (0..PER_SECOND.get()).find_map(|_| addresses.count(one).err());
        assert!(refused.is_some_and(|wait| wait <= Duration::from_secs(1)), "{refused:?}");
        assert_eq!(addresses.count(other), Ok(()));
    }

    #[test]
    fn many_addresses_are_forgotten_again_and_one_that_asks_too_much_is_not() {
        let addresses = Addresses::default();
        let flood = IpAddr::from([192, 0, 2, 1]);
        for number in 0..10 * CLEANUP_INTERVAL {
            addresses.count(flood).ok();
            assert_eq!(addresses.count(IpAddr::from(number.to_be_bytes())), Ok(()));
        }
        assert!(addresses.count(flood).is_err());
        std::thread::sleep(Duration::from_millis(100));
        for _ in 0..2 * CLEANUP_INTERVAL {
            addresses.count(flood).ok();
        }
        assert_eq!(addresses.limiter.len(), 1);
    }
}
