//! Who opened a Mini App: the `initData` that Telegram has signed with the bot's token.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha256;
use url::{Url, form_urlencoded};

use crate::config::Config;

/// How old the data may be, in seconds: a person opens the app right after the client asked Telegram for it.
const MAX_AGE: i64 = 10 * 60;

/// How far the clocks of Telegram and of this machine may differ, in seconds.
const MAX_SKEW: i64 = 60;

/// The key of the key, as Telegram has it.
const KEY: &[u8] = b"WebAppData";

#[derive(Deserialize)]
struct User {
    id: u64,
}

/// Where the console can be opened as a Mini App, which needs https.
pub fn console(config: &Config) -> Option<Url> {
    let url = Url::parse(&format!("{}/admin/login", config.public_url.as_ref()?)).ok()?;
    (url.scheme() == "https").then_some(url)
}

/// The user id in `data` (a query string), if Telegram signed it for the bot with this `token` within the last ten minutes
/// before `now` (Unix seconds).
pub fn user(data: &str, token: &str, now: i64) -> Option<u64> {
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(data.as_bytes()).into_owned().collect();
    let at = pairs.iter().position(|(name, _)| name == "hash")?;
    let (_, hash) = pairs.swap_remove(at);
    // Two values under one name could be read in two ways.
    pairs.sort();
    if pairs.windows(2).any(|two| matches!(two, [(a, _), (b, _)] if a == b)) {
        return None;
    }
    let lines: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(&sign(KEY, token.as_bytes())?).ok()?;
    mac.update(lines.join("\n").as_bytes());
    // Compares in constant time.
    mac.verify_slice(&hex::decode(hash).ok()?).ok()?;
    let value = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let at: i64 = value("auth_date")?.parse().ok()?;
    let age = now.checked_sub(at)?;
    let user: User = serde_json::from_str(value("user")?).ok()?;
    (-MAX_SKEW..=MAX_AGE).contains(&age).then_some(user.id)
}

fn sign(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(data);
    Some(mac.finalize().into_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::{KEY, MAX_AGE, sign, user};

    const TOKEN: &str = "1:secret";
    const NOW: i64 = 1_700_000_000;

    fn signed(pairs: &[(&str, &str)], token: &str) -> String {
        let mut lines: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        lines.sort();
        let hash = sign(KEY, token.as_bytes()).and_then(|key| sign(&key, lines.join("\n").as_bytes()));
        let mut data = url::form_urlencoded::Serializer::new(String::new());
        data.extend_pairs(pairs).append_pair("hash", &hex::encode(hash.unwrap_or_default()));
        data.finish()
    }

    fn data(at: i64) -> String {
        let at = at.to_string();
        signed(
            &[("user", "{\"id\":42,\"first_name\":\"ক & খ\"}"), ("auth_date", &at), ("query_id", "a")],
            TOKEN,
        )
    }

    #[test]
    fn only_what_telegram_signed_lately_names_a_user() {
        assert_eq!(user(&data(NOW), TOKEN, NOW), Some(42));
        assert_eq!(user(&data(NOW - MAX_AGE), TOKEN, NOW), Some(42));
        assert_eq!(user(&data(NOW - MAX_AGE - 1), TOKEN, NOW), None, "old");
        assert_eq!(user(&data(NOW + 3_600), TOKEN, NOW), None, "from the future");
        assert_eq!(user(&data(NOW), "2:other", NOW), None, "another bot's");
        assert_eq!(user(&data(NOW).replace("42", "43"), TOKEN, NOW), None, "forged");
        assert_eq!(user(&format!("{}&user=%7B%22id%22%3A7%7D", data(NOW)), TOKEN, NOW), None, "two users");
        for wrong in ["", "hash=", "hash=zz&user=x", "user=%7B%22id%22%3A42%7D&auth_date=1700000000"] {
            assert_eq!(user(wrong, TOKEN, NOW), None, "{wrong}");
        }
    }
}
