//! Where a request comes from: this machine, a page of the console, or somewhere else.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, Method, header};
use url::{Host, Url};

/// Headers by which a proxy says for whom it asks.
const OF_PROXIES: [&str; 8] = [
    "forwarded",
    "via",
    "x-real-ip",
    "x-client-ip",
    "x-original-host",
    "true-client-ip",
    "cf-connecting-ip",
    "fastly-client-ip",
];

/// Whether a request comes from this machine, not through a proxy, and names this machine: a page of another site whose name
/// was made to lead here does not.
pub fn is_of_this_machine(peer: IpAddr, headers: &HeaderMap) -> bool {
    let is_of_proxy =
        |name: &HeaderName| name.as_str().starts_with("x-forwarded") || OF_PROXIES.contains(&name.as_str());
    let names_it = text(headers, &header::HOST).is_some_and(|host| {
        Url::parse(&format!("http://{host}/")).is_ok_and(|url| match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        })
    });
    peer.to_canonical().is_loopback() && names_it && !headers.keys().any(is_of_proxy)
}

/// Whether a request may change something: what a page of another site makes a browser send may not. What is no browser
/// sends neither header and has no cookie that it was not given; a session within a frame must say its origin.
pub fn may_write(method: &Method, headers: &HeaderMap, public: Option<&str>, framed: bool) -> bool {
    if method.is_safe() {
        return true;
    }
    let is_own_site = text(headers, &HeaderName::from_static("sec-fetch-site"))
        .is_none_or(|site| matches!(site, "same-origin" | "none"));
    let is_own_origin = match headers.get(header::ORIGIN) {
        None => !framed,
        Some(origin) => origin.to_str().is_ok_and(|origin| is_own(origin, headers, public)),
    };
    is_own_site && is_own_origin
}

/// A proxy may have changed the name that was asked for: then `PUBLIC_URL` says it.
fn is_own(origin: &str, headers: &HeaderMap, public: Option<&str>) -> bool {
    let Ok(origin) = Url::parse(origin) else { return false };
    let public = public.and_then(|public| Url::parse(public).ok());
    let asked = text(headers, &header::HOST)
        .and_then(|host| Url::parse(&format!("{}://{host}/", origin.scheme())).ok());
    let is_web = matches!(origin.scheme(), "http" | "https");
    is_web && public.into_iter().chain(asked).any(|own| own.origin() == origin.origin())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), header::HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn this_machine_is_neither_a_proxy_nor_another_name() {
        let here = IpAddr::from([127, 0, 0, 1]);
        for (peer, sent, expected) in [
            (here, vec![("host", "127.0.0.1:8080")], true),
            (here, vec![("host", "localhost")], true),
            (here, vec![("host", "[::1]:80")], true),
            (here, vec![("host", "bot.example.org")], false),
            (here, vec![("host", "localhost.example.org")], false),
            (here, vec![("host", "0.0.0.0")], false),
            (here, vec![], false),
            (here, vec![("host", "localhost"), ("x-forwarded-for", "1.2.3.4")], false),
            (here, vec![("host", "localhost"), ("forwarded", "for=1.2.3.4")], false),
            (IpAddr::from([192, 0, 2, 1]), vec![("host", "localhost")], false),
        ] {
            assert_eq!(is_of_this_machine(peer, &headers(&sent)), expected, "{peer} {sent:?}");
        }
    }

    #[test]
    fn only_a_page_of_the_console_writes() {
        let public = Some("https://bot.example.org");
        for (sent, framed, expected) in [
            (vec![("host", "bot.example.org"), ("origin", "https://bot.example.org")], true, true),
            (vec![("host", "10.0.0.1:8080"), ("origin", "https://bot.example.org")], false, true),
            (vec![("host", "127.0.0.1:80"), ("origin", "http://127.0.0.1")], false, true),
            (vec![("host", "bot.example.org"), ("origin", "https://evil.example")], false, false),
            (vec![("host", "bot.example.org"), ("origin", "null")], false, false),
            (vec![("host", "bot.example.org"), ("sec-fetch-site", "cross-site")], false, false),
            (vec![("host", "bot.example.org"), ("sec-fetch-site", "same-site")], false, false),
            (vec![("host", "bot.example.org"), ("sec-fetch-site", "same-origin")], false, true),
            (vec![("host", "bot.example.org")], false, true),
            (vec![("host", "bot.example.org")], true, false),
        ] {
            let sent = (headers(&sent), sent);
            assert_eq!(may_write(&Method::POST, &sent.0, public, framed), expected, "{:?}", sent.1);
        }
        assert!(may_write(&Method::GET, &headers(&[("sec-fetch-site", "cross-site")]), public, false));
    }
}
