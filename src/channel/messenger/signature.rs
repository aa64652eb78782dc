//! Signatures with the app's secret: Meta's of deliveries, and the bot's of requests.
//!
//! The signature is over the bytes as they came, with their `\u09ab` escapes: they are verified before anything is
//! parsed.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// The header of a delivery.
pub const HEADER: &str = "x-hub-signature-256";

fn mac(secret: &SecretString) -> Option<Hmac<Sha256>> {
    // HMAC takes keys of any length.
    Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()
}

/// Whether `header` is `sha256=` and the signature of `body`; compared in constant time.
pub fn is_signed(secret: &SecretString, body: &[u8], header: Option<&[u8]>) -> bool {
    let Some(given) = header.and_then(|header| header.strip_prefix(b"sha256=")) else { return false };
    let mut signature = [0; 32];
    let Some(mut mac) = mac(secret) else { return false };
    mac.update(body);
    hex::decode_to_slice(given, &mut signature).is_ok() && mac.verify_slice(&signature).is_ok()
}

/// Whether `given` is the token; compared in constant time. An empty one never is.
pub fn is_token(token: &SecretString, given: &str) -> bool {
    let token = token.expose_secret().as_bytes();
    !token.is_empty() && bool::from(token.ct_eq(given.as_bytes()))
}

/// Proves to the Graph API that the holder of the token also has the app's secret.
pub fn proof(secret: &SecretString, token: &str) -> String {
    let Some(mut mac) = mac(secret) else { return String::new() };
    mac.update(token.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_signature_of_these_very_bytes_counts() {
        let secret = SecretString::from("app secret");
        let body = br#"{"text":"\u09ab\/"}"#;
        let header = format!("sha256={}", proof(&secret, &String::from_utf8_lossy(body)));
        assert!(is_signed(&secret, body, Some(header.as_bytes())));
        assert!(!is_signed(&secret, "{\"text\":\"ফ/\"}".as_bytes(), Some(header.as_bytes())), "unescaped");
        assert!(!is_signed(&SecretString::from("verify token"), body, Some(header.as_bytes())));
        let short = header.strip_suffix('0').unwrap_or("sha256=00");
        let other = header.replace("sha256=", "sha1=");
        for wrong in [None, Some(""), Some("sha256="), Some("sha256=zz"), Some(short), Some(&other)] {
            assert!(!is_signed(&secret, body, wrong.map(str::as_bytes)), "{wrong:?}");
        }
    }

    #[test]
    fn an_empty_token_is_no_token() {
        assert!(is_token(&SecretString::from("open"), "open"));
        assert!(!is_token(&SecretString::from("open"), ""));
        assert!(!is_token(&SecretString::from(""), ""));
    }
}
