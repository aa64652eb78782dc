//! Comments below the Page's posts: chatter mostly, so only a sure question gets an answer, in private, and in public
//! at most a line that says so.

use super::bot::Bot;
use super::lanes::Job;
use super::quick;
use super::send::{For, Sent};
use crate::config::Comments;
use crate::message::{Content, Place};
use crate::reply::{Outcome, wording};

impl Bot {
    /// Answers a comment that surely asks something.
    pub(super) async fn on_comment(
        &self,
        purpose: For<'_>,
        person: &str,
        comment: &str,
        above: Option<&str>,
        text: &str,
    ) -> Sent {
        // It may have been taken in before the switch was turned.
        if self.comments == Comments::Off {
            return Sent::No;
        }
        let response = self.respond(person, Place::Overheard, Content::Text(text.to_owned())).await;
        if !matches!(response.reply.outcome, Outcome::Answer(_)) {
            return Sent::No;
        }
        let view = self.responder.view(None).await;
        let Some(outgoing) = quick::only(&response.reply, &view, !self.is_linkless) else {
            return Sent::No;
        };
        // Facebook shows two levels: below a nested comment the answer stands below the one above it.
        let public = (above.unwrap_or(comment), wording::ANSWERED_IN_INBOX);
        let public = (self.comments == Comments::Public).then_some(public);
        self.sender.reply_to_comment(purpose, comment, &outgoing, public).await
    }

    /// Goes on with an answer to a comment that was begun.
    pub(super) async fn go_on_with_comment(&self, purpose: For<'_>, job: &Job) -> Sent {
        if self.comments == Comments::Off { Sent::No } else { self.sender.go_on(purpose, job).await }
    }
}
