//! Encrypts what lies in the store for a while: what is not answered yet, and notes.

use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

/// Encrypts with a key made of a channel's secret, so that the store alone tells nobody what people wrote.
pub struct Cipher(LessSafeKey);

impl Cipher {
    /// For messages that are not answered yet.
    ///
    /// # Errors
    /// The cipher's library refuses the key, which has the length it wants.
    pub fn new(secret: &SecretString) -> anyhow::Result<Self> {
        Self::of_purpose(secret, "uttor: what is not answered yet")
    }

    /// For the note `name`. Where the channel has no secret, whoever does not know the name cannot read the note: the
    /// store has only the name's hash.
    pub(super) fn of_note(secret: &SecretString, name: &str) -> anyhow::Result<Self> {
        Self::of_purpose(secret, &format!("uttor: note {name}"))
    }

    fn of_purpose(secret: &SecretString, purpose: &str) -> anyhow::Result<Self> {
        // HMAC takes keys of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())?;
        mac.update(purpose.as_bytes());
        let key = UnboundKey::new(&CHACHA20_POLY1305, &mac.finalize().into_bytes());
        Ok(Self(LessSafeKey::new(key.map_err(|_| anyhow::anyhow!("no key"))?)))
    }

    /// Encrypts `what` as JSON; none when it is none, or the system gives no randomness.
    pub fn encrypt(&self, what: &impl Serialize) -> Option<String> {
        let mut text = serde_json::to_vec(what).ok()?;
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).ok()?;
        let nonce_of_this = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(nonce_of_this, Aad::empty(), &mut text).ok()?;
        Some(format!("{}{}", hex::encode(nonce), hex::encode(text)))
    }

    /// What was encrypted; none when that was done with another secret.
    pub fn decrypt<T: DeserializeOwned>(&self, encrypted: &str) -> Option<T> {
        let mut bytes = hex::decode(encrypted).ok()?;
        let (nonce, text) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let text = self.0.open_in_place(nonce, Aad::empty(), text).ok()?;
        serde_json::from_slice(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encrypted_is_read_with_the_same_secret_and_name_only() -> anyhow::Result<()> {
        let secret = SecretString::from("one");
        let cipher = Cipher::of_note(&secret, "a")?;
        let encrypted = cipher.encrypt(&"মোবাইলে হবে?").unwrap_or_default();
        assert_eq!(cipher.decrypt::<String>(&encrypted).as_deref(), Some("মোবাইলে হবে?"));
        for other in [
            Cipher::of_note(&SecretString::from("two"), "a")?,
            Cipher::of_note(&secret, "b")?,
            Cipher::new(&secret)?,
        ] {
            assert_eq!(other.decrypt::<String>(&encrypted), None);
        }
        assert_eq!(cipher.decrypt::<String>(""), None);
        Ok(())
    }
}
