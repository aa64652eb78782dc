//! Comments below the Page's posts. Most ask nothing, so only a sure answer is sent: as a private reply, with at most a
//! line below the comment that points to it.

use super::bot::Bot;
use super::lanes::Job;
use super::quick;
use super::send::{For, Sent};
use crate::config::Comments;
use crate::message::{Content, Place};
use crate::reply::Outcome;

impl Bot {
    /// Answers a comment that the responder is sure about.
    pub(super) async fn on_comment(
        &self,
        purpose: For<'_>,
        person: &str,
        comment: &str,
        parent: Option<&str>,
        text: &str,
    ) -> Sent {
        // The event may have been accepted before the setting changed.
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
        // Facebook shows two levels: the line for a nested comment goes below its parent.
        let public = (parent.unwrap_or(comment), view.wording().answered_in_inbox());
        let public = (self.comments == Comments::Public).then_some(public);
        self.sender.reply_to_comment(purpose, comment, &outgoing, public).await
    }

    /// Sends the rest of an answer to a comment.
    pub(super) async fn resume_comment(&self, purpose: For<'_>, job: &Job) -> Sent {
        if self.comments == Comments::Off { Sent::No } else { self.sender.resume(purpose, job).await }
    }
}
