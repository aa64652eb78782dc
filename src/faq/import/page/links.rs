//! Where the links of a page lead.

use url::Url;

/// Where a link leads.
pub enum Address {
    /// A page, completed.
    Web(String),
    /// A telephone number or a mail address.
    Direct(String),
    /// A part of the same page.
    Here,
    /// It cannot be said.
    Unknown,
}

/// Where `href` leads from a page at `base`.
pub fn address(href: &str, base: Option<&Url>) -> Address {
    let lower = href.to_ascii_lowercase();
    let direct = ["tel:", "mailto:", "sms:"]
        .iter()
        .find_map(|scheme| lower.starts_with(scheme).then(|| href.get(scheme.len()..).unwrap_or_default()));
    if let Some(direct) = direct {
        let plain = direct.split('?').next().unwrap_or_default();
        return Address::Direct(percent_encoding::percent_decode_str(plain).decode_utf8_lossy().into_owned());
    }
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return Address::Web(href.to_owned());
    }
    if href.starts_with('#') {
        return Address::Here;
    }
    let scheme = lower.split([':', '/', '?', '#']).next().unwrap_or_default();
    if href.is_empty() || lower.get(scheme.len()..).is_some_and(|rest| rest.starts_with(':')) {
        return Address::Unknown;
    }
    match base.and_then(|base| base.join(href).ok()) {
        Some(url) => Address::Web(url.into()),
        None => Address::Unknown,
    }
}
