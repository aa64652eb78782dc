//! Keyed hashes that stand for people, conversations and messages: the ids themselves are never stored.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::AnyConnection;

use super::error::Error;

/// Bytes of the key: as many as the hash has.
const KEY_BYTES: usize = 32;

/// Bytes of a hash that are stored: enough that no two people share one.
const HASH_BYTES: usize = 16;

/// The key of the hashes, generated on first start and kept in the store.
#[derive(Clone)]
pub struct Secret([u8; KEY_BYTES]);

impl Secret {
    /// Reads the key; the first caller generates it.
    pub(super) async fn read(connection: &mut AnyConnection) -> Result<Self, Error> {
        let fresh: [u8; KEY_BYTES] = random()?;
        sqlx::query("INSERT INTO secrets (name, value) VALUES ('hash', $1) ON CONFLICT (name) DO NOTHING")
            .bind(hex::encode(fresh))
            .execute(&mut *connection)
            .await?;
        let (kept,): (String,) =
            sqlx::query_as("SELECT value FROM secrets WHERE name = 'hash'").fetch_one(connection).await?;
        Self::parse(&kept).ok_or_else(|| Error::Broken("the key of the hashes is damaged".to_owned()))
    }

    pub(super) fn parse(kept: &str) -> Option<Self> {
        let mut key = [0; KEY_BYTES];
        hex::decode_to_slice(kept, &mut key).ok()?;
        Some(Self(key))
    }

    /// The hash of the person with this id in `channel`.
    pub fn person(&self, channel: &str, id: &str) -> PersonHash {
        PersonHash(self.hash("person", channel, id))
    }

    /// The hash of the conversation with this id in `channel`.
    pub fn conversation(&self, channel: &str, id: &str) -> ConversationHash {
        ConversationHash(self.hash("conversation", channel, id))
    }

    /// The hash of the message or update with this id in `channel`; a redelivery has the same.
    pub fn message(&self, channel: &str, id: &str) -> MessageHash {
        MessageHash(self.hash("message", channel, id))
    }

    /// The kind is part of it, so that the same number as a person's and as a conversation's id has different hashes.
    fn hash(&self, kind: &str, channel: &str, id: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            // HMAC takes keys of any length
            return String::new();
        };
        for part in [kind, channel, id] {
            mac.update(part.as_bytes());
            // No id holds this byte, so different triples never make the same input.
            mac.update(&[0xFF]);
        }
        let bytes = mac.finalize().into_bytes();
        hex::encode(bytes.get(..HASH_BYTES).unwrap_or_default())
    }
}

pub(super) fn random<const BYTES: usize>() -> Result<[u8; BYTES], Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::Broken(format!("the system has no randomness: {error}")))?;
    Ok(bytes)
}

/// A random name.
pub(super) fn token() -> Result<String, Error> {
    Ok(hex::encode(random::<HASH_BYTES>()?))
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

macro_rules! hash {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads what [`Self::as_str`] wrote.
            #[allow(dead_code, reason = "not every kind is read back")]
            pub(super) fn stored(text: String) -> Self {
                Self(text)
            }

            /// As it is stored: hexadecimal digits.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

hash!(
    /// Stands for a person.
    PersonHash
);
hash!(
    /// Stands for a conversation.
    ConversationHash
);
hash!(
    /// Stands for a message.
    MessageHash
);
