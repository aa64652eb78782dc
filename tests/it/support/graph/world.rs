//! What the stand-in knows: what was sent, every request, the Page's and the app's set-up, and the faults to come.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{APP, PAGE};

/// Everything.
pub struct World {
    pub calls: Vec<Call>,
    /// What reached somebody, private replies to comments too.
    pub sent: Vec<Sent>,
    /// Marks: whom they were shown, and which.
    pub actions: Vec<(String, String)>,
    /// Public replies: above, and text.
    pub comments: Vec<(String, String)>,
    pub faults: Vec<Fault>,
    /// What goes wrong with the first message to a person.
    pub once: HashMap<String, Wrong>,
    pub replied: HashSet<String>,
    /// Whom the token is of: id and name.
    pub me: Value,
    /// What `debug_token` says.
    pub token: Value,
    pub profile: Value,
    /// The Instagram account's profile.
    pub instagram_profile: Value,
    /// The account that is linked to the Page.
    pub linked: Value,
    /// What the Page tells this app; none: the app is not subscribed.
    pub page_fields: Option<Vec<String>>,
    /// The app's webhooks.
    pub subscriptions: Value,
    /// Whether conversations may be read.
    pub shows_conversations: bool,
    /// Whether the token is dead.
    pub is_dead: bool,
    /// Whether the version is no more.
    pub is_old: bool,
}

/// A message that reached somebody.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The person, or `comment:` and the comment.
    pub to: String,
    /// When, in Unix seconds.
    pub at: i64,
    pub message: Value,
}

impl Sent {
    /// What a person reads.
    pub fn text(&self) -> &str {
        let template = self.message["attachment"]["payload"]["text"].as_str();
        self.message["text"].as_str().or(template).unwrap_or_default()
    }

    /// The titles of the quick replies.
    pub fn titles(&self) -> Vec<&str> {
        self.quick().filter_map(|quick| quick["title"].as_str()).collect()
    }

    /// What the quick reply of this title says.
    pub fn payload(&self, title: &str) -> String {
        let quick = self.quick().find(|quick| quick["title"] == title);
        let quick = quick.unwrap_or_else(|| panic!("no {title} in {:?}", self.titles()));
        quick["payload"].as_str().unwrap().to_owned()
    }

    fn quick(&self) -> impl Iterator<Item = &Value> {
        self.message["quick_replies"].as_array().into_iter().flatten()
    }

    /// The link button's address.
    pub fn link(&self) -> Option<&str> {
        self.message["attachment"]["payload"]["buttons"][0]["url"].as_str()
    }
}

/// A request.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    /// Without the version.
    pub path: String,
    pub body: Value,
    /// The answer's status.
    pub status: u16,
}

/// What goes wrong with a request.
#[derive(Clone, Debug)]
pub struct Fault {
    /// How the path ends.
    pub path: &'static str,
    /// Only for this recipient.
    pub to: Option<String>,
    /// Only after so many that went well.
    pub skip: usize,
    /// So many times.
    pub times: usize,
    pub what: Wrong,
}

/// How it goes wrong.
#[derive(Clone, Copy, Debug)]
pub enum Wrong {
    /// This status, code and subcode.
    Error(u16, i64, i64),
    /// A gateway's page instead of JSON.
    BadGateway,
    /// The connection is dropped before anything happens.
    Drop,
    /// It happens, but the connection is dropped before the answer.
    DropAfter,
    /// It takes so long.
    Slow(Duration),
}

impl Fault {
    pub fn new(path: &'static str, what: Wrong) -> Self {
        Self { path, to: None, skip: 0, times: 1, what }
    }

    pub fn to(self, person: &str) -> Self {
        Self { to: Some(person.to_owned()), ..self }
    }

    pub fn after(self, skip: usize) -> Self {
        Self { skip, ..self }
    }

    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }
}

impl World {
    /// Everything is set up as it should be.
    pub fn new() -> Self {
        let fields = [
            "messages",
            "messaging_postbacks",
            "messaging_referrals",
            "message_echoes",
            "messaging_handovers",
        ];
        Self {
            calls: Vec::new(),
            sent: Vec::new(),
            actions: Vec::new(),
            comments: Vec::new(),
            faults: Vec::new(),
            once: HashMap::new(),
            replied: HashSet::new(),
            me: json!({ "id": PAGE, "name": "Garden" }),
            token: json!({
                "app_id": APP, "type": "PAGE", "is_valid": true, "expires_at": 0, "profile_id": PAGE,
                "scopes": ["pages_messaging", "pages_manage_metadata", "pages_show_list", "pages_read_engagement"],
            }),
            profile: json!({}),
            instagram_profile: json!({}),
            linked: Value::Null,
            page_fields: Some(fields.iter().map(|field| (*field).to_owned()).collect()),
            subscriptions: json!([]),
            shows_conversations: false,
            is_dead: false,
            is_old: false,
        }
    }

    /// What reached `person`.
    pub fn sent_to(&self, person: &str) -> Vec<Sent> {
        self.sent.iter().filter(|sent| sent.to == person).cloned().collect()
    }

    /// The conversation with `person` as the platform shows it, the newest message first.
    pub fn conversation(&self, person: &str) -> Value {
        let messages = self.sent_to(person);
        let time = |at: i64| {
            let at = OffsetDateTime::from_unix_timestamp(at).unwrap();
            let (date, [hour, minute, second]) = (at.date(), [at.hour(), at.minute(), at.second()]);
            format!("{date}T{hour:02}:{minute:02}:{second:02}+0000")
        };
        // A message with buttons shows no text.
        let shown: Vec<Value> = messages
            .iter()
            .rev()
            .map(|sent| json!({ "message": sent.message["text"].as_str().unwrap_or_default(), "created_time": time(sent.at), "from": { "id": PAGE } }))
            .collect();
        json!({ "data": [{ "id": "t_1", "link": format!("/garden/inbox/{person}/"), "messages": { "data": shown } }] })
    }

    /// How many requests went to a path that ends so.
    pub fn tries(&self, path: &str) -> usize {
        self.calls.iter().filter(|call| call.path.ends_with(path) && call.body["message"].is_object()).count()
    }

    /// What the bot did, a line each.
    pub fn summary(&self) -> String {
        let line = |call: &Call| format!("{} {} {} -> {}", call.method, call.path, call.body, call.status);
        self.calls.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    pub(super) fn fault(&mut self, path: &str, body: &Value) -> Option<Wrong> {
        // Marks are of no weight.
        if body["sender_action"].is_string() {
            return None;
        }
        let to = body["recipient"]["id"].as_str().or_else(|| body["recipient"]["comment_id"].as_str());
        if let Some(wrong) = to.and_then(|to| self.once.remove(to)) {
            return Some(wrong);
        }
        let fits = |fault: &Fault| {
            fault.times > 0 && path.ends_with(fault.path) && (fault.to.is_none() || fault.to.as_deref() == to)
        };
        let fault = self.faults.iter_mut().find(|fault| fits(fault))?;
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        fault.times -= 1;
        Some(fault.what)
    }
}
