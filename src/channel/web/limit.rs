//! How often one address may ask.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use super::Web;
use super::refusal::Refusal;

/// Requests a second that an address may go on making.
pub const PER_SECOND: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// Requests that it may make at once.
pub const BURST: NonZeroU32 = NonZeroU32::new(100).unwrap();

/// How many addresses are remembered; the least recently seen go first.
const ADDRESSES: u64 = 5_000;

/// How long an address is remembered after its last request: long enough to have its whole burst again.
const MEMORY: Duration = Duration::from_mins(1);

/// The addresses seen lately.
pub struct Addresses {
    seen: Cache<IpAddr, Arc<DefaultDirectRateLimiter>>,
}

impl Default for Addresses {
    fn default() -> Self {
        let seen = Cache::builder()
            .max_capacity(ADDRESSES)
            // The default policy turns newcomers away from a full cache, and whoever is not in it has no limit.
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(MEMORY)
            .build();
        Self { seen }
    }
}

impl Addresses {
    /// Counts a request from `address`; how long it should wait when there have been too many.
    fn count(&self, address: IpAddr) -> Result<(), Duration> {
        let quota = Quota::per_second(PER_SECOND).allow_burst(BURST);
        let limiter = self.seen.get_with(whose(address), || Arc::new(RateLimiter::direct(quota)));
        limiter.check().map_err(|refused| refused.wait_time_from(DefaultClock::default().now()))
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

/// Who asks: the peer, or the one for whom a proxy on this machine asks.
///
/// Only the last address of `X-Forwarded-For` counts: that one the proxy itself has written.
fn caller(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    let last = forwarded
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|address| address.trim().parse().ok());
    if peer.to_canonical().is_loopback() { last.unwrap_or(peer) } else { peer }
}

/// The address that is counted: an IPv6 subscriber has a /64 of them and could use a new one each time.
fn whose(address: IpAddr) -> IpAddr {
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
}
