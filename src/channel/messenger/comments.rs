//! Comments below the Page's posts and the Instagram account's media. Most ask nothing, so only a sure answer is sent: as a
//! private reply, with at most a line below the comment that points to it. `comments.toml` says more.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::bot::{Bot, now};
use super::lanes::Job;
use super::quick::{self, Outgoing};
use super::send::{For, Sent};
use super::surface::Surface;
use super::wire::{Event, What};
use crate::config::Comments;
use crate::faq::comments::{CommentRules, Reading};
use crate::message::{Content, Place};
use crate::reply::Outcome;

/// A person gets one answer a post for so long; the platform takes private replies for a week.
const ONCE_TTL: Duration = Duration::from_hours(30 * 24);

impl Bot {
    /// How long a comment has to wait for its turn; none where that has come.
    pub(super) async fn comment_delay(&self, event: &Event) -> Option<Duration> {
        let What::Comment { .. } = &event.what else { return None };
        let delay = self.responder.view(None).await.comments().map(|rules| rules.delay)?;
        let age = now().saturating_sub(event.at?).max(0);
        let left = delay.saturating_sub(Duration::from_millis(age.unsigned_abs()));
        (!left.is_zero()).then_some(left)
    }

    /// Answers a comment that the responder is sure about, or that has a trigger.
    pub(super) async fn on_comment(&self, purpose: For<'_>, event: &Event) -> Sent {
        let What::Comment { comment, parent, text, post } = &event.what else { return Sent::No };
        // The event may have been accepted before the setting changed.
        if self.comments == Comments::Off {
            return Sent::No;
        }
        let view = self.responder.view(None).await;
        let every = CommentRules::default();
        let rules = view.comments().unwrap_or(&every);
        let Some(rule) = rules.of(post.as_deref()) else { return Sent::No };
        let surface = Surface::of(&event.person);
        let outgoing = match (rule.read(text), rule.private) {
            (Reading::Excluded, _) => None,
            (Reading::Triggered, Some(private)) => self.private_line(surface, private),
            _ => {
                let content = Content::Text(text.clone());
                let response = self.respond(&event.person, Place::Overheard, content).await;
                let is_answer = matches!(response.reply.outcome, Outcome::Answer(_));
                is_answer.then(|| quick::only(surface, &response.reply, &view, !self.is_linkless)).flatten()
            }
        };
        let Some(outgoing) = outgoing else { return Sent::No };
        let turn = match (rules.once, post) {
            (true, Some(post)) => {
                match self.take_once(&format!("comment:{post}"), &event.person, ONCE_TTL).await {
                    Some(turn) => Some(turn),
                    None => return Sent::No,
                }
            }
            _ => None,
        };
        let line = match rule.public {
            [] => view.wording().answered_in_inbox(),
            lines => &lines[self.turns.fetch_add(1, Ordering::Relaxed) % lines.len()],
        };
        // Two levels are shown: the line for a nested comment goes below its parent.
        let public = (parent.as_deref().unwrap_or(comment), line);
        let public = (self.comments == Comments::Public).then_some(public);
        let sent = self.sender.reply_to_comment(purpose, comment, &event.person, &outgoing, public).await;
        if let (Sent::Later | Sent::No, Some(turn)) = (&sent, turn)
            && let Err(error) = self.store.give_back(&turn).await
        {
            tracing::warn!(
                "a comment that was not answered counts as the person's one answer to a post: {error}"
            );
        }
        sent
    }

    /// The first message of what the rules say; they are checked to need no second.
    fn private_line(&self, surface: Surface, private: &str) -> Option<Outgoing> {
        quick::messages(surface, &self.responder.wording(), private, &[], &[]).into_iter().next()
    }

    /// Sends the rest of an answer to a comment.
    pub(super) async fn resume_comment(&self, purpose: For<'_>, job: &Job) -> Sent {
        if self.comments == Comments::Off { Sent::No } else { self.sender.resume(purpose, job).await }
    }
}
