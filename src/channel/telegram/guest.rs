//! Guest mode: somebody mentions the bot in a chat that never added it. One article answers, at once.
//!
//! ```text
//! guest_message   "@bot মোবাইল দিয়ে হবে?"   -> answerGuestQuery   the answer, or one line with the guide's link
//! ```

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use teloxide::types::InlineKeyboardButtonKind;
use tokio::time::sleep;

use super::answer::Answers;
use super::client::api::Api;
use super::client::error::Failure;
use super::group::flood::MemberLimit;
use super::identity::{GUEST, Me, now};
use super::intake::inbox::Inbox;
use super::intake::update::{Guest, Incoming};
use super::keyboard;
use super::mention;
use super::mentioned::{Heir, Mentions};
use super::parts::Parts;
use super::resources::Resources;
use crate::message::Place;
use crate::reply::links::Links;
use crate::reply::render::{Limit, plain, telegram_html};
use crate::reply::{Outcome, Reply};
use crate::responder::Responder;
use crate::telemetry::Metrics;
use crate::view::View;

/// The person's own limit is for all chats together.
const ANY_CHAT: i64 = 0;

/// The query ends soon: a request that takes longer is of no use.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// The delay before the one retry of a request that was surely not carried out.
const RETRY_DELAY: Duration = Duration::from_millis(200);

/// Answers mentions in chats that the bot is not in.
pub struct Guests {
    me: Arc<Me>,
    api: Arc<Api>,
    responder: Arc<Responder>,
    links: Links,
    is_linkless: bool,
    metrics: Metrics,
    max_age: Option<i64>,
    inbox: Arc<Inbox>,
    answers: Arc<Answers>,
    mentions: Arc<Mentions>,
    limit: MemberLimit,
}

impl Guests {
    /// Answers by these parts; `inbox` knows which queries were answered.
    pub fn new(of: &Resources, parts: &Parts, inbox: Arc<Inbox>) -> Self {
        let Resources { me, api, responder, links, is_linkless, metrics, max_age, .. } = of.clone();
        let Parts { answers, mentions, .. } = parts.clone();
        let max_age = max_age.and_then(|age| i64::try_from(age.as_secs()).ok());
        let limit = MemberLimit::new(of.is_limited);
        Self { me, api, responder, links, is_linkless, metrics, max_age, inbox, answers, mentions, limit }
    }

    /// Drops the state of idle people.
    pub fn prune(&self) {
        self.limit.prune();
    }

    /// Answers a mention, unless its query was answered, the person asks too much, or the bot is in the chat and answers
    /// there.
    pub async fn on_mention(&self, guest: &Guest) {
        let Guest { query, message } = guest;
        // Another bot's mention may be an answer to this one: nothing would end that.
        let Some(person) = message.speaker() else { return };
        if self.max_age.is_some_and(|max| now().saturating_sub(message.date) > max) {
            return self.metrics.telegram_update("stale");
        }
        if !self.inbox.is_first(&format!("guest:{query}")).await {
            return self.metrics.telegram_update("again");
        }
        if !self.mentions.is_for(Heir::Guest, message).await {
            return;
        }
        if !self.limit.check(ANY_CHAT, person, true) {
            return self.metrics.telegram_update("capped");
        }
        let reply = match self.question(message) {
            Some(question) => {
                let asked = (message.chat.id, person);
                let response =
                    self.answers.ask_outside(GUEST, asked, Place::Addressed, &question, true).await;
                response.reply
            }
            None => Reply {
                outcome: Outcome::Smalltalk(None),
                text: self.responder.wording().guest_how(&self.me.name),
                buttons: Vec::new(),
            },
        };
        self.send(query, &reply).await;
    }

    /// What is asked: the text without the mention, or the message that a bare mention replies to.
    fn question(&self, message: &Incoming) -> Option<String> {
        let asked = |message: &Incoming| {
            let text = message.text.as_deref()?;
            let stripped = mention::strip(text, &message.entities, &self.me.name, self.me.id);
            Some(stripped.unwrap_or_else(|| text.trim().to_owned())).filter(|text| !text.is_empty())
        };
        asked(message).or_else(|| message.reply_to.as_deref().and_then(asked))
    }

    async fn send(&self, query: &str, reply: &Reply) {
        let view = self.responder.view(None).await;
        let text = self.text(reply, &view);
        let mut article = self.article(reply, &text, &view);
        let mut is_retry = false;
        let result = loop {
            let answer = json!({ "guest_query_id": query, "result": article });
            let sent = self.api.call_within::<Value>("AnswerGuestQuery", &answer, REQUEST_TIMEOUT).await;
            match &sent {
                // Of a lost connection nobody knows whether the query was answered; an answer ends it.
                Err(Failure::Text(_)) if !is_retry => {
                    let content = &mut article["input_message_content"];
                    *content = content_of(&plain(&text), None);
                }
                Err(Failure::Flood(_) | Failure::Server(_)) if !is_retry => sleep(RETRY_DELAY).await,
                _ => break sent,
            }
            is_retry = true;
        };
        if let Err(failure) = &result {
            tracing::info!("a mention in a chat of others was not answered: {failure}");
        }
        self.metrics.telegram_send(result.as_ref().map_or_else(Failure::name, |_| "guest"));
    }

    fn article(&self, reply: &Reply, text: &str, view: &View) -> Value {
        let title = match reply.outcome.answered() {
            [entry] => view.entry(entry).map(|entry| entry.question.clone()),
            _ => None,
        };
        let html = telegram_html(text, Limit::TELEGRAM).into_iter().next().unwrap_or_default();
        let mut article = json!({
            "type": "article",
            "id": "answer",
            "title": title.unwrap_or_else(|| view.guide().title.clone()),
            "input_message_content": content_of(&html, Some("HTML")),
        });
        // A press would come without its chat, and from anybody there.
        let mut rows = keyboard::below(reply, 0, !self.is_linkless);
        if reply.outcome == Outcome::Handoff {
            rows.extend(self.answers.contact_row());
        }
        rows.iter_mut().for_each(|row| row.retain(|b| matches!(b.kind, InlineKeyboardButtonKind::Url(_))));
        rows.retain(|row| !row.is_empty());
        if let Some(markup) = keyboard::markup(rows).filter(|_| !is_unsure(&reply.outcome)) {
            article["reply_markup"] = json!(markup);
        }
        article
    }

    /// What stands in the chat: one line with the guide's link where the bot is not sure.
    fn text(&self, reply: &Reply, view: &View) -> String {
        if is_unsure(&reply.outcome) {
            return view.wording().guest_unsure(self.links.article());
        }
        // The examples after a greeting are presses.
        let text = reply.text.trim();
        text.strip_suffix(view.wording().for_example()).unwrap_or(text).trim_end().to_owned()
    }
}

fn is_unsure(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Suggest(_) | Outcome::Fallback(_) | Outcome::Silent)
}

fn content_of(text: &str, parse_mode: Option<&str>) -> Value {
    let mut content = json!({ "message_text": text, "link_preview_options": { "is_disabled": true } });
    if let Some(mode) = parse_mode {
        content["parse_mode"] = json!(mode);
    }
    content
}
