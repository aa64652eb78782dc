//! The Page's Messenger profile and its webhook subscriptions, as `uttor messenger setup` installs them.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::bot::{PERSON, PRIVACY, START};
use super::failure::Failure;
use super::graph::Graph;
use crate::faq::{EntryId, Faq};
use crate::message::Payload;

/// The platform shows no more.
pub const MAX_ICE_BREAKERS: usize = 4;

/// Characters of an ice breaker's question.
const MAX_QUESTION_CHARS: usize = 80;

/// The webhook fields that the bot subscribes to.
const FIELDS: [&str; 5] =
    ["messages", "messaging_postbacks", "messaging_referrals", "message_echoes", "messaging_handovers"];

/// The field of comments.
const FEED: &str = "feed";

/// The fields that are subscribed to, with comments or without.
pub fn fields(comments: bool) -> Vec<&'static str> {
    FIELDS.into_iter().chain(comments.then_some(FEED)).collect()
}

/// The Messenger profile with these entries as ice breakers; entries that are not there or too long are left out.
pub fn profile(faq: &Faq, asked: &[EntryId]) -> Value {
    let ice_breakers: Vec<Value> = asked
        .iter()
        .filter_map(|id| faq.entry(id))
        .filter(|entry| entry.question.chars().count() <= MAX_QUESTION_CHARS)
        .take(MAX_ICE_BREAKERS)
        .map(|entry| {
            json!({ "question": entry.question, "payload": Payload::Entry(entry.id.clone()).to_string() })
        })
        .collect();
    let say = &faq.wording;
    let topics = Payload::Topics.to_string();
    let menu: Vec<Value> =
        [(say.menu_topics(), topics.as_str()), (say.menu_person(), PERSON), (say.menu_privacy(), PRIVACY)]
            .into_iter()
            .map(|(title, payload)| json!({ "type": "postback", "title": title, "payload": payload }))
            .collect();
    let mut profile = json!({
        "greeting": [{ "locale": "default", "text": say.messenger_greeting() }],
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

/// The names of the fields that a webhook or a Page has.
pub fn names(fields: &Value) -> Vec<&str> {
    let fields = fields.as_array().into_iter().flatten();
    fields.filter_map(|field| field.as_str().or_else(|| field["name"].as_str())).collect()
}

/// Installs `profile`, then subscribes the app to `fields` of the Page.
///
/// # Errors
/// The platform refused one of them, or did not answer: which one, and why. What was installed before it stays.
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

/// What became of the app's webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Webhook {
    /// It leads here.
    Here,
    /// It leads to this address, and was left so.
    Elsewhere(String),
}

/// Has the platform deliver to `callback`, which it verifies at once. An app has one address for all its Pages; another
/// one is not replaced.
///
/// # Errors
/// The platform does not name the app, refused the request, or did not answer.
pub async fn install_webhook(
    graph: &Graph,
    callback: &str,
    verify_token: &SecretString,
    fields: &[&str],
) -> Result<Webhook, Failure> {
    let app = graph.get("app", &[("fields", "id")]).await?;
    let Some(app) = app["id"].as_str() else {
        return Err(Failure::Refused("which app the token is of is not said".to_owned()));
    };
    let path = format!("{app}/subscriptions");
    let there = graph.get_as_app(app, &path, &[]).await?;
    let there = there["data"].as_array().and_then(|all| all.iter().find(|one| one["object"] == "page"));
    let mut wanted = fields.to_vec();
    if let Some(there) = there {
        if let Some(other) = there["callback_url"].as_str().filter(|other| *other != callback) {
            return Ok(Webhook::Elsewhere(other.to_owned()));
        }
        // Fields that others need stay subscribed.
        wanted.extend(names(&there["fields"]).into_iter().filter(|name| !fields.contains(name)));
    }
    let webhook = json!({
        "object": "page",
        "callback_url": callback,
        "verify_token": verify_token.expose_secret(),
        "fields": wanted.join(","),
        "include_values": true,
    });
    graph.post_as_app(app, &path, &webhook).await?;
    Ok(Webhook::Here)
}
