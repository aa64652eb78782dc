//! An answer as the parts that are sent one after the other, and what the store holds until all are sent.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::wire::Event;
use crate::memory::Cipher;

/// One request of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Where it is posted to, e.g. `1234/messages`.
    pub path: String,
    /// The request's body.
    pub body: Value,
    /// The same text without buttons, sent when the platform refuses the message.
    pub plain: Option<String>,
    /// Whether it refers to the part before it, and is left out unless that was surely sent.
    pub announces: bool,
}

/// Whether a part that was being sent before a crash went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// It is in the conversation.
    Sent,
    /// It is not.
    NotSent,
    /// Nobody can say.
    Unknown,
    /// The platform cannot be reached now.
    Later,
}

/// The content of a pending event: the event, and its answer once the first part is sent, so that after a crash the rest is
/// of the same answer, and the conversation can be searched for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// Its answer; empty before its first part is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer: Vec<Part>,
}

impl Kept {
    /// Encrypted; none when the system gives no randomness.
    pub fn close(&self, cipher: &Cipher) -> Option<String> {
        cipher.encrypt(self)
    }

    /// What was encrypted; none when that was done with another secret.
    pub fn open(cipher: &Cipher, encrypted: &str) -> Option<Self> {
        cipher.decrypt(encrypted)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::channel::messenger::wire::What;
    use crate::memory::Cipher;

    #[test]
    fn an_event_is_read_with_its_answer_and_without() -> anyhow::Result<()> {
        let cipher = Cipher::new(&SecretString::from("secret"))?;
        let what = What::Press { payload: None, title: "সব বিষয়".to_owned(), referral: None };
        let event = Event { id: "m_1".to_owned(), person: "7".to_owned(), at: Some(1), what };
        let alone = cipher.encrypt(&event).and_then(|text| Kept::open(&cipher, &text));
        assert!(alone.is_some_and(|kept| kept.event == event && kept.answer.is_empty()));
        let part = Part { path: "1/messages".to_owned(), body: 1.into(), plain: None, announces: true };
        let kept = Kept { event: event.clone(), answer: vec![part.clone()] };
        let again = kept.close(&cipher).and_then(|text| Kept::open(&cipher, &text));
        assert!(again.is_some_and(|again| again.event == event && again.answer == [part]));
        Ok(())
    }
}
