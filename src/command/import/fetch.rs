//! A page from an address: with limits on time, size and redirects, and never from a private network by accident.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use url::{Host, Url};

use crate::faq::import::MAX_BYTES;

/// How long a page may take, redirects and all.
const TIME: Duration = Duration::from_secs(30);

/// How often a page may send elsewhere.
const REDIRECTS: usize = 5;

/// What was fetched.
pub struct Fetched {
    /// Where it came from in the end.
    pub url: Url,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What the server says that it is, in small letters, without parameters.
    pub kind: String,
    /// The encoding that the server names.
    pub encoding: Option<String>,
}

/// Fetches `url`; addresses of private networks only where `private` allows them.
///
/// # Errors
/// No http or https, a private address, a limit that is passed, an answer that is no success.
pub async fn fetch(url: Url, private: bool) -> Result<Fetched> {
    let limit = format!("it takes longer than {} seconds", TIME.as_secs());
    tokio::time::timeout(TIME, follow(url, private)).await.context(limit)?
}

async fn follow(mut url: Url, private: bool) -> Result<Fetched> {
    for _ in 0..=REDIRECTS {
        let response = get(&url, private).await?;
        if response.status().is_redirection() {
            let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
            let location =
                location.with_context(|| format!("{url} sends elsewhere and does not say where"))?;
            url = url
                .join(location)
                .with_context(|| format!("{url} sends to {location}, which is no address"))?;
            continue;
        }
        if !response.status().is_success() {
            bail!("{url} answers {}", response.status());
        }
        return read(url, response).await;
    }
    bail!("it sends elsewhere more than {REDIRECTS} times")
}

/// Asks `url` at an address that was looked at, so that no other answer of the name server comes between.
async fn get(url: &Url, private: bool) -> Result<reqwest::Response> {
    if !matches!(url.scheme(), "http" | "https") {
        bail!("{url}: only http and https pages are fetched");
    }
    let port = url.port_or_known_default().unwrap_or(80);
    let addresses: Vec<SocketAddr> = match url.host() {
        Some(Host::Ipv4(address)) => vec![(address, port).into()],
        Some(Host::Ipv6(address)) => vec![(address, port).into()],
        Some(Host::Domain(name)) => tokio::net::lookup_host((name, port))
            .await
            .with_context(|| format!("{name} cannot be found"))?
            .collect(),
        None => bail!("{url} names no host"),
    };
    if let Some(address) = addresses.iter().find(|address| !private && is_private(address.ip())) {
        bail!(
            "{url} lies in a private network ({}), which is not fetched; add --allow-private if you mean it",
            address.ip()
        );
    }
    let mut client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        // A proxy would look the name up again.
        .no_proxy()
        .timeout(TIME)
        .user_agent(concat!("uttor/", env!("CARGO_PKG_VERSION")));
    if let Some(name) = url.domain() {
        client = client.resolve_to_addrs(name, &addresses);
    }
    let client = client.build()?;
    client.get(url.clone()).send().await.with_context(|| format!("{url} does not answer"))
}

async fn read(url: Url, mut response: reqwest::Response) -> Result<Fetched> {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    let encoding = kind.split_once("charset=").map(|(_, name)| name.trim_matches(['"', ' ', ';']).to_owned());
    let kind = kind.split(';').next().unwrap_or_default().trim().to_owned();
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.with_context(|| format!("{url} breaks off"))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > MAX_BYTES {
            bail!("{url} has more than {MAX_BYTES} bytes; save it, and import the part that you need");
        }
    }
    Ok(Fetched { url, bytes, kind, encoding })
}

/// Whether an address belongs to no public network: this machine, a local network, what is set apart for other uses.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_multicast()
                || address.is_broadcast()
                || address.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b))
        }
        IpAddr::V6(address) => {
            let segments = address.segments();
            // Addresses that carry one of the old kind: mapped, 6to4, NAT64.
            let carried = address.to_ipv4_mapped().or_else(|| match segments {
                [0x2002, high, low, ..] | [0x0064, 0xff9b, 0, 0, 0, 0, high, low] => {
                    Some(((u32::from(high) << 16) | u32::from(low)).into())
                }
                _ => None,
            });
            carried.is_some_and(|address| is_private(IpAddr::V4(address)))
                || address.is_loopback()
                || address.is_unspecified()
                || address.is_multicast()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || segments.starts_with(&[0x2001, 0x0db8])
                || (segments.starts_with(&[0; 6]) && carried.is_none())
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::is_private;

    #[test]
    fn private_networks_are_known() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.20.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "::127.0.0.1",
        ] {
            assert!(is_private(address.parse().unwrap()), "{address}");
        }
        for address in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(!is_private(address.parse().unwrap()), "{address}");
        }
    }
}
