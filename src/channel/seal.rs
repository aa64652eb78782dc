//! Seals what lies in the store until it is answered.

use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// Seals with a channel's secret, so that the store alone tells nobody what people wrote.
pub struct Seal(LessSafeKey);

impl Seal {
    /// With a key of its own, made of the channel's secret.
    ///
    /// # Errors
    /// Never with the cipher used here; its library cannot know that.
    pub fn new(secret: &SecretString) -> anyhow::Result<Self> {
        // HMAC takes keys of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())?;
        mac.update(b"uttor: what is not answered yet");
        let key = UnboundKey::new(&CHACHA20_POLY1305, &mac.finalize().into_bytes());
        Ok(Self(LessSafeKey::new(key.map_err(|_| anyhow::anyhow!("no key"))?)))
    }

    /// Seals `text`; none when the system gives no randomness.
    pub fn close(&self, text: &str) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).ok()?;
        let mut sealed = text.as_bytes().to_vec();
        let nonce_of_this = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(nonce_of_this, Aad::empty(), &mut sealed).ok()?;
        Some(format!("{}{}", hex::encode(nonce), hex::encode(sealed)))
    }

    /// What was sealed; none when it was sealed with another secret.
    pub fn open(&self, sealed: &str) -> Option<String> {
        let mut bytes = hex::decode(sealed).ok()?;
        let (nonce, text) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let text = self.0.open_in_place(nonce, Aad::empty(), text).ok()?;
        String::from_utf8(text.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_is_opened_with_the_same_secret_only() -> anyhow::Result<()> {
        let seal = Seal::new(&SecretString::from("one"))?;
        let sealed = seal.close("মোবাইলে হবে?").unwrap_or_default();
        assert_eq!(seal.open(&sealed).as_deref(), Some("মোবাইলে হবে?"));
        assert_eq!(Seal::new(&SecretString::from("two"))?.open(&sealed), None);
        assert_eq!(seal.open(""), None);
        Ok(())
    }
}
