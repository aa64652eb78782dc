//! The Page's Messenger profile and its webhook subscriptions, as `uttor messenger setup` installs them.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};

use super::bot::{PERSON, PRIVACY, START};
use super::failure::Failure;
use super::graph::Graph;
use crate::config::{Comments, Messenger};
use crate::faq::{Entry, EntryId, Faq};
use crate::message::Payload;
use crate::text::dictionary::is_real;
use crate::text::normalize::normalize;
use crate::text::tokens::tokens;
use crate::wording::{Table, Wording};

/// The platform shows no more.
pub const MAX_ICE_BREAKERS: usize = 4;

/// Characters of an ice breaker's question.
const MAX_QUESTION_CHARS: usize = 80;

/// The webhook fields that the bot subscribes to.
const FIELDS: [&str; 5] =
    ["messages", "messaging_postbacks", "messaging_referrals", "message_echoes", "messaging_handovers"];

/// The field of comments.
const FEED: &str = "feed";

/// The fields of Instagram's webhook: echoes come with the messages.
const INSTAGRAM_FIELDS: [&str; 2] = ["messages", "messaging_postbacks"];

/// The field of Instagram's comments.
const INSTAGRAM_COMMENTS: &str = "comments";

/// Where a webhook is entered, as Meta names it.
pub const SETTINGS: &str = "the app's Messenger API Settings (1. Configure webhooks)";

/// The locale of the sentences for whoever has set Facebook to English.
const ENGLISH: &str = "en_US";

/// With what an English question begins.
const QUESTION_WORDS: [&str; 12] =
    ["what", "how", "can", "is", "do", "does", "where", "which", "who", "why", "when", "are"];

/// What an app's webhook is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    /// The Page.
    Page,
    /// The Instagram account.
    Instagram,
}

impl Object {
    /// As the platform names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Instagram => "instagram",
        }
    }

    /// As people name it, in the plural.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Page => "Pages",
            Self::Instagram => "Instagram",
        }
    }

    /// The fields that are subscribed to.
    pub fn fields(self, configured: &Messenger) -> Vec<&'static str> {
        let has_comments = configured.comments != Comments::Off;
        match self {
            Self::Page => FIELDS.into_iter().chain(has_comments.then_some(FEED)).collect(),
            Self::Instagram => {
                INSTAGRAM_FIELDS.into_iter().chain(has_comments.then_some(INSTAGRAM_COMMENTS)).collect()
            }
        }
    }
}

/// The objects that `configured` needs.
pub fn objects(configured: &Messenger) -> Vec<Object> {
    let instagram = configured.instagram_id.as_ref().map(|_| Object::Instagram);
    [Object::Page].into_iter().chain(instagram).collect()
}

/// What `setup` and `check` say of a webhook that leads to `other` and not to `callback`.
pub fn elsewhere(other: &str, is_active: bool, callback: &str) -> String {
    let state = if is_active { "" } else { " and is switched off" };
    format!(
        "leads to {other}{state}, this server is at {callback}; enter that in {SETTINGS}, or set PUBLIC_URL"
    )
}

/// An English wording of the entry's question; its question where there is none.
fn english(entry: &Entry) -> &str {
    let is_english = |phrasing: &&String| {
        let normalized = normalize(phrasing);
        let words = tokens(&normalized);
        phrasing.is_ascii()
            && words.len() > 2
            && words.first().is_some_and(|word| QUESTION_WORDS.contains(&word.text))
            && words.iter().all(|word| is_real(*word))
    };
    entry.phrasings.iter().find(is_english).unwrap_or(&entry.question)
}

/// The Messenger profile with these entries as ice breakers; entries that are not there or too long are left out.
pub fn profile(faq: &Faq, asked: &[EntryId]) -> Value {
    let english = Wording::new("en", Table::new());
    let texts = [("default", faq.wording.as_ref()), (ENGLISH, &english)];
    let topics = Payload::Topics.to_string();
    let menu = |(locale, say): (&str, &Wording)| {
        let items = [
            (say.menu_topics(), topics.as_str()),
            (say.menu_person(), PERSON),
            (say.menu_privacy(), PRIVACY),
        ];
        let items =
            items.map(|(title, payload)| json!({ "type": "postback", "title": title, "payload": payload }));
        json!({ "locale": locale, "composer_input_disabled": false, "call_to_actions": items })
    };
    let greeting = texts.map(|(locale, say)| json!({ "locale": locale, "text": say.messenger_greeting() }));
    let mut profile = json!({
        "greeting": greeting,
        "get_started": { "payload": START },
        "persistent_menu": texts.map(menu),
    });
    profile.as_object_mut().into_iter().for_each(|profile| profile.extend(ice_breakers(faq, asked)));
    profile
}

/// The profile of an Instagram account: it has neither greeting nor menu.
pub fn instagram_profile(faq: &Faq, asked: &[EntryId]) -> Option<Value> {
    let mut profile: Map<String, Value> = ice_breakers(faq, asked).collect();
    if profile.is_empty() {
        return None;
    }
    profile.insert("platform".to_owned(), Object::Instagram.name().into());
    Some(Value::Object(profile))
}

/// The ice breakers, in each locale; nothing where no entry fits.
fn ice_breakers(faq: &Faq, asked: &[EntryId]) -> impl Iterator<Item = (String, Value)> {
    let of = |question: fn(&Entry) -> &str| -> Vec<Value> {
        let entries = asked.iter().filter_map(|id| faq.entry(id));
        let fits = entries.filter(|entry| question(entry).chars().count() <= MAX_QUESTION_CHARS);
        let item = |entry: &Entry| {
            let payload = Payload::Entry(entry.id.clone()).to_string();
            json!({ "question": question(entry), "payload": payload })
        };
        fits.take(MAX_ICE_BREAKERS).map(item).collect()
    };
    let all = [("default", of(|entry| &entry.question)), (ENGLISH, of(english))];
    let is_there = all.iter().all(|(_, actions)| !actions.is_empty());
    let all = all.map(|(locale, actions)| json!({ "locale": locale, "call_to_actions": actions }));
    is_there.then(|| ("ice_breakers".to_owned(), Value::from(all.to_vec()))).into_iter()
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
    Elsewhere {
        /// The address.
        address: String,
        /// Whether it is switched on.
        is_active: bool,
    },
}

/// Has the platform deliver to `callback`, which it verifies at once. An app has one address for all its Pages; another
/// one is not replaced.
///
/// # Errors
/// The platform does not name the app, refused the request, or did not answer.
pub async fn install_webhook(
    graph: &Graph,
    object: Object,
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
    let there =
        there["data"].as_array().and_then(|all| all.iter().find(|one| one["object"] == object.name()));
    let mut wanted = fields.to_vec();
    if let Some(there) = there {
        if let Some(other) = there["callback_url"].as_str().filter(|other| *other != callback) {
            let is_active = there["active"] != false;
            return Ok(Webhook::Elsewhere { address: other.to_owned(), is_active });
        }
        // Fields that others need stay subscribed.
        wanted.extend(names(&there["fields"]).into_iter().filter(|name| !fields.contains(name)));
    }
    let webhook = json!({
        "object": object.name(),
        "callback_url": callback,
        "verify_token": verify_token.expose_secret(),
        "fields": wanted.join(","),
        "include_values": true,
    });
    graph.post_as_app(app, &path, &webhook).await?;
    Ok(Webhook::Here)
}
