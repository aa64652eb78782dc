//! What buttons do: the menu's, the quick replies', and links that open the chat.

use super::bot::{BOT, Bot, FORGET, PRIVACY, START};
use super::quick::{self, Choice};
use super::send::{For, Sent};
use super::surface::{Surface, bare};
use crate::message::{Content, Payload, PersonId};

impl Bot {
    pub(super) async fn press(
        &self,
        purpose: For<'_>,
        person: &str,
        payload: &str,
        title: &str,
        referral: Option<&str>,
    ) -> Sent {
        match payload {
            START => return self.welcome(purpose, person, referral).await,
            BOT => return self.come_back(purpose, person).await,
            PRIVACY => {
                let say = self.responder.wording();
                let (text, forget) = (say.messenger_privacy(self.retention_days), say.forget_me());
                return self.say(purpose, person, &text, &[Choice::new(forget, FORGET)]).await;
            }
            FORGET => return self.forget(purpose, person).await,
            _ => {}
        }
        let page = payload.strip_prefix(quick::TOPICS).and_then(|page| page.parse::<usize>().ok());
        let view = self.responder.view(None).await;
        match (page, payload.parse::<Payload>()) {
            (Some(page), _) => self.topics(purpose, person, page).await,
            (None, Ok(Payload::Topics)) => self.topics(purpose, person, 0).await,
            (None, Ok(Payload::Entry(id))) if !title.is_empty() && view.entry(&id).is_none() => {
                self.ask(purpose, person, Content::Text(title.to_owned())).await
            }
            (None, Ok(payload)) => self.ask(purpose, person, Content::Press(payload)).await,
            // A payload of an older version, or made by hand: the button's title says what is meant.
            (None, Err(_)) if !title.is_empty() => {
                self.ask(purpose, person, Content::Text(title.to_owned())).await
            }
            (None, Err(_)) => self.welcome(purpose, person, referral).await,
        }
    }

    /// Greets a newcomer, or opens the entry that the link names.
    pub(super) async fn welcome(&self, purpose: For<'_>, person: &str, referral: Option<&str>) -> Sent {
        let view = self.responder.view(None).await;
        if let Some(id) = referral.and_then(|referral| referral.parse().ok())
            && view.entry(&id).is_some()
        {
            return self.ask(purpose, person, Content::Press(Payload::Entry(id))).await;
        }
        let mut choices: Vec<Choice> = (view.popular())
            .map(|entry| Choice::new(&entry.label, &Payload::Entry(entry.id.clone())))
            .collect();
        choices.push(Choice::new(view.wording().all_topics(), &Payload::Topics));
        self.say(purpose, person, &view.wording().messenger_welcome(&view.guide().title), &choices).await
    }

    async fn topics(&self, purpose: For<'_>, person: &str, page: usize) -> Sent {
        let (text, choices) = quick::topics(&self.responder.view(None).await, page);
        self.say(purpose, person, &text, &choices).await
    }

    async fn forget(&self, purpose: For<'_>, person: &str) -> Sent {
        let say = self.responder.wording();
        let line = match self
            .responder
            .memory()
            .forget(&PersonId::new(Surface::of(person).channel(), bare(person)))
            .await
        {
            Ok(_) => say.forgotten(),
            Err(_) => say.not_now(),
        };
        self.say(purpose, person, line, &[]).await
    }
}
