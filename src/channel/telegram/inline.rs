//! `@bot question` in any chat: the best entries, ready to be sent there.

use std::sync::Arc;

use serde_json::{Value, json};

use super::client::api::Api;
use super::intake::update::Inline;
use super::resources::Resources;
use crate::faq::Entry;
use crate::reply::links::Links;
use crate::reply::render::{Limit, plain, telegram_html};
use crate::responder::Responder;
use crate::telemetry::Metrics;
use crate::wording::Wording;

/// Results at most; Telegram allows fifty, a phone shows a few.
const MAX_RESULTS: usize = 10;

/// How long Telegram may cache a query's results, in seconds: a taught answer has to show soon.
const CACHE_TTL: u32 = 30;

/// Characters of an answer below its question in the list.
const TEASER: usize = 90;

/// What the jump to the private chat starts the bot with; no entry is called so.
const START: &str = "inline";

/// Answers inline queries.
pub struct InlineQueries {
    api: Arc<Api>,
    responder: Arc<Responder>,
    links: Links,
    is_linkless: bool,
    metrics: Metrics,
}

impl InlineQueries {
    /// Answers from the content.
    pub fn new(of: &Resources) -> Self {
        let Resources { api, is_linkless, links, metrics, responder, .. } = of.clone();
        Self { api, responder, links, is_linkless, metrics }
    }

    /// Answers a query.
    pub async fn on_query(&self, inline: Inline) {
        let view = self.responder.view(None).await;
        let query = inline.query.trim();
        let entries: Vec<&Entry> = if query.is_empty() {
            let others = view.entries().filter(|entry| !view.guide().popular.contains(&entry.id));
            view.popular().chain(others).take(MAX_RESULTS).collect()
        } else {
            let ranking = view.find(query, None);
            ranking.near().filter_map(|candidate| view.entry(&candidate.entry)).take(MAX_RESULTS).collect()
        };
        let results: Vec<Value> = entries.iter().map(|entry| self.article(view.wording(), entry)).collect();
        let mut answer = json!({ "inline_query_id": inline.id, "results": results, "cache_time": CACHE_TTL });
        if entries.is_empty() {
            answer["button"] = json!({ "text": view.wording().ask_in_private(), "start_parameter": START });
        }
        let answered = self.api.call_named::<Value>("AnswerInlineQuery", &answer).await;
        self.metrics.telegram_send(match &answered {
            Ok(_) => "inline",
            Err(failure) => failure.name(),
        });
    }

    fn article(&self, say: &Wording, entry: &Entry) -> Value {
        let text = format!("*{}*\n{}", entry.question, entry.answer);
        let html = telegram_html(&text, Limit::TELEGRAM).into_iter().next().unwrap_or_default();
        let teaser: String = plain(&entry.answer).replace('\n', " ").chars().take(TEASER).collect();
        let mut article = json!({
            "type": "article",
            "id": entry.id.as_str(),
            "title": entry.question,
            "description": teaser,
            "input_message_content": {
                "message_text": html,
                "parse_mode": "HTML",
                "link_preview_options": { "is_disabled": true },
            },
        });
        if !self.is_linkless {
            let link = self.links.section(entry);
            article["reply_markup"] =
                json!({ "inline_keyboard": [[{ "text": say.read_on(), "url": link }]] });
        }
        article
    }
}
