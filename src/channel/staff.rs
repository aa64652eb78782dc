//! Tells the staff, who are the operators on Telegram, that somebody on another channel wants a person.

use std::sync::Arc;

use url::Url;

use super::telegram::Telegram;

/// The staff, where there is any.
#[derive(Clone, Default)]
pub struct Staff {
    telegram: Option<Arc<Telegram>>,
    with_text: bool,
}

/// Somebody wants a person.
pub struct Wanted<'a> {
    /// The channel as people call it.
    pub channel: &'a str,
    /// When, in Unix seconds.
    pub at: i64,
    /// Where the conversation is answered.
    pub inbox: Option<Url>,
    /// What was said.
    pub text: Option<&'a str>,
}

impl Staff {
    /// The operators of `telegram`; they are told what was said only `with_text`.
    pub fn new(telegram: Option<Arc<Telegram>>, with_text: bool) -> Self {
        Self { telegram: telegram.filter(|telegram| telegram.has_operators()), with_text }
    }

    /// Tells all of them; whether any was told.
    pub async fn tell(&self, wanted: Wanted<'_>) -> bool {
        let Some(telegram) = &self.telegram else { return false };
        let text = wanted.text.filter(|_| self.with_text);
        let line = telegram.say_wanted(wanted.channel, wanted.at, text);
        telegram.tell_operators(&line, wanted.inbox).await
    }
}
