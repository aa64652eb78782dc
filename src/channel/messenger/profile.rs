//! What the Page shows of the bot before anybody writes, and what it tells the app: installed by one command.

use serde_json::{Value, json};

use super::bot::{PERSON, PRIVACY, START};
use super::failure::Failure;
use super::graph::Graph;
use crate::faq::{EntryId, Faq};
use crate::message::Payload;
use crate::reply::wording;

/// Ice breakers at most.
pub const ICE_BREAKERS: usize = 4;

/// Characters of an ice breaker's question at most.
const QUESTION: usize = 80;

/// The fields of the Page that the bot hears.
pub const FIELDS: [&str; 5] =
    ["messages", "messaging_postbacks", "messaging_referrals", "message_echoes", "messaging_handovers"];

/// The field of comments.
pub const FEED: &str = "feed";

/// The fields that are subscribed to, with comments or without.
pub fn fields(comments: bool) -> Vec<&'static str> {
    FIELDS.into_iter().chain(comments.then_some(FEED)).collect()
}

/// The Messenger profile with these entries as ice breakers; entries that are not there or too long are left out.
pub fn profile(faq: &Faq, asked: &[EntryId]) -> Value {
    let ice_breakers: Vec<Value> = asked
        .iter()
        .filter_map(|id| faq.entry(id))
        .filter(|entry| entry.question.chars().count() <= QUESTION)
        .take(ICE_BREAKERS)
        .map(|entry| {
            json!({ "question": entry.question, "payload": Payload::Entry(entry.id.clone()).to_string() })
        })
        .collect();
    let topics = Payload::Topics.to_string();
    let menu: Vec<Value> = [
        (wording::MENU_TOPICS, topics.as_str()),
        (wording::MENU_PERSON, PERSON),
        (wording::MENU_PRIVACY, PRIVACY),
    ]
    .into_iter()
    .map(|(title, payload)| json!({ "type": "postback", "title": title, "payload": payload }))
    .collect();
    let mut profile = json!({
        "greeting": [{ "locale": "default", "text": wording::MESSENGER_GREETING }],
        "get_started": { "payload": START },
        "persistent_menu": [
            { "locale": "default", "composer_input_disabled": false, "call_to_actions": menu }
        ],
    });
    if !ice_breakers.is_empty() {
        profile["ice_breakers"] = json!([{ "locale": "default", "call_to_actions": ice_breakers }]);
    }
    profile
}

/// Installs `profile`, then has the Page tell the app what is in `fields`.
///
/// # Errors
/// What the platform said against it; what was installed before stays so.
pub async fn install(
    graph: &Graph,
    page: &str,
    profile: &Value,
    fields: &[&str],
) -> Result<(), (&'static str, Failure)> {
    graph.post("me/messenger_profile", profile).await.map_err(|failure| ("the profile", failure))?;
    let subscription = json!({ "subscribed_fields": fields });
    let subscribed = graph.post(&format!("{page}/subscribed_apps"), &subscription).await;
    subscribed.map_err(|failure| ("the Page's subscription", failure))?;
    Ok(())
}
