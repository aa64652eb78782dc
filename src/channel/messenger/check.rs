//! Checks a Page's set-up, and says what it lacks, each with its remedy.
//!
//! Two subscriptions are needed, the app's and the Page's; each looks healthy without the other. So everything is checked
//! that the platform shows.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::failure::Failure;
use super::graph::Graph;
use super::profile::{Object, SETTINGS, elsewhere, names, objects};
use super::webhook::{ROUTE, callback};
use crate::config::{Comments, Messenger};

/// For the request to the own webhook.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// A token that expires within this time, in seconds, is reported.
const EXPIRES_SOON: i64 = 14 * 24 * 3_600;

/// What the own webhook has to echo.
const CHALLENGE: &str = "1158201444";

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is as it should be.
    Good(String),
    /// It may be intended.
    Careful(String),
    /// It keeps the bot from answering.
    Wrong(String),
}

/// Runs all checks.
pub struct Check<'a> {
    graph: &'a Graph,
    configured: &'a Messenger,
    /// `PUBLIC_URL`, where it is set.
    public_url: Option<&'a str>,
    /// Whether it leads to this machine only.
    is_local: bool,
    now: i64,
    findings: Vec<Finding>,
}

impl<'a> Check<'a> {
    /// Checks these settings, at `now` in Unix seconds.
    pub fn new(
        graph: &'a Graph,
        configured: &'a Messenger,
        public_url: Option<&'a str>,
        is_local: bool,
        now: i64,
    ) -> Self {
        Self { graph, configured, public_url, is_local, now, findings: Vec::new() }
    }

    /// The findings, in the order of the checks.
    pub async fn run(mut self) -> Vec<Finding> {
        if let Some(app) = self.token().await {
            self.page_subscription(&app).await;
            self.app_subscriptions(&app).await;
            self.profile().await;
            if let Some(account) = &self.configured.instagram_id {
                self.instagram(account).await;
            }
        }
        self.webhook().await;
        self.careful(
            "whether the app is reviewed cannot be seen from here: while it answers only people with a role on the \
             app, request Advanced Access to pages_messaging in the app's dashboard (App Review) and publish the app",
        );
        self.findings
    }

    fn good(&mut self, line: impl Into<String>) {
        self.findings.push(Finding::Good(line.into()));
    }

    fn careful(&mut self, line: impl Into<String>) {
        self.findings.push(Finding::Careful(line.into()));
    }

    fn wrong(&mut self, line: impl Into<String>) {
        self.findings.push(Finding::Wrong(line.into()));
    }

    /// Checks the token's owner and permissions; returns the app's id if that is known.
    async fn token(&mut self) -> Option<String> {
        let me = match self.graph.get("me", &[("fields", "id,name")]).await {
            Ok(me) => me,
            Err(Failure::NotSent) => {
                self.wrong(
                    "the Graph API cannot be reached; is there a way out, and is MESSENGER_GRAPH_URL right?",
                );
                return None;
            }
            Err(failure) => {
                self.wrong(failure.to_string());
                return None;
            }
        };
        let token = self.configured.page_token.expose_secret();
        let seen = self.graph.get("debug_token", &[("input_token", token)]).await.unwrap_or_default();
        let seen = &seen["data"];
        let kind = seen["type"].as_str().unwrap_or("PAGE");
        if kind == "USER" {
            self.wrong(
                "MESSENGER_PAGE_TOKEN is a person's token, not a Page's; take the one that is made for the Page in the \
                 app's Messenger API Settings (2. Generate access tokens)",
            );
            return None;
        }
        if let Some(line) = stranger(&me, &self.configured.page_id) {
            self.wrong(line);
            return None;
        }
        self.good(format!("the token is of the Page “{}”", me["name"].as_str().unwrap_or("?")));
        self.expiry(seen["expires_at"].as_i64().unwrap_or(0));
        self.permissions(&seen["scopes"]);
        let app = if let Some(app) = seen["app_id"].as_str() {
            Some(app.to_owned())
        } else {
            let app = self.graph.get("app", &[("fields", "id")]).await.ok();
            app.and_then(|app| app["id"].as_str().map(str::to_owned))
        };
        if app.is_none() {
            self.careful("which app the token is of cannot be seen, so its subscriptions were not checked");
        }
        app
    }

    fn expiry(&mut self, expires: i64) {
        match expires {
            0 => {}
            at if at < self.now + EXPIRES_SOON => self.wrong(format!(
                "the token ends in {} hours; take one without an end: make it of a long-lived user token, or of a \
                 system user",
                (at - self.now).max(0) / 3_600
            )),
            _ => self.careful("the token has an end; one of a system user has none"),
        }
    }

    fn permissions(&mut self, scopes: &Value) {
        let Some(scopes) = scopes.as_array() else {
            return self.careful("the token's permissions cannot be seen");
        };
        let mut needed = vec!["pages_messaging", "pages_manage_metadata"];
        if self.configured.comments != Comments::Off {
            needed.extend(["pages_read_engagement", "pages_read_user_content"]);
        }
        if self.configured.comments == Comments::Public {
            needed.push("pages_manage_engagement");
        }
        if self.configured.instagram_id.is_some() {
            needed.extend(["instagram_basic", "instagram_manage_messages"]);
            if self.configured.comments != Comments::Off {
                needed.push("instagram_manage_comments");
            }
        }
        let missing: Vec<&str> =
            needed.into_iter().filter(|name| !scopes.iter().any(|scope| scope == name)).collect();
        if missing.is_empty() {
            self.good("the token has the permissions it needs");
        } else {
            self.wrong(format!(
                "the token lacks {}; add it in the app's dashboard (for the public it needs App Review) and make a new \
                 token",
                missing.join(", ")
            ));
        }
    }

    /// The fields that are missing among those there.
    fn missing(&self, object: Object, there: &Value) -> Vec<&'static str> {
        let there = names(there);
        object.fields(self.configured).into_iter().filter(|field| !there.contains(field)).collect()
    }

    async fn page_subscription(&mut self, app: &str) {
        let path = format!("{}/subscribed_apps", self.configured.page_id);
        let apps = match self.graph.get(&path, &[]).await {
            Ok(apps) => apps,
            Err(failure) => return self.wrong(format!("the Page's subscriptions cannot be read: {failure}")),
        };
        let apps = apps["data"].as_array().cloned().unwrap_or_default();
        let Some(ours) = apps.iter().find(|other| other["id"] == app) else {
            return self.wrong(
                "this app is not subscribed to the Page (Meta also ends a subscription when deliveries failed for an hour); run `uttor \
                 messenger setup`",
            );
        };
        match self.missing(Object::Page, &ours["subscribed_fields"]).as_slice() {
            [] => self.good("the app is subscribed to the Page"),
            missing => self.wrong(format!(
                "the app is not subscribed to the Page's {}; run `uttor messenger setup`",
                missing.join(", ")
            )),
        }
    }

    async fn app_subscriptions(&mut self, app: &str) {
        let webhooks = match self.graph.get_as_app(app, &format!("{app}/subscriptions"), &[]).await {
            Ok(webhooks) => webhooks,
            Err(failure) => return self.wrong(format!("the app's webhooks cannot be read: {failure}")),
        };
        let webhooks = webhooks["data"].as_array().cloned().unwrap_or_default();
        for object in objects(self.configured) {
            self.app_subscription(object, webhooks.iter().find(|webhook| webhook["object"] == object.name()));
        }
    }

    fn app_subscription(&mut self, object: Object, webhook: Option<&Value>) {
        let what = if object == Object::Page { "the app's webhook" } else { "the app's Instagram webhook" };
        let Some(webhook) = webhook else {
            return self.wrong(format!(
                "the app has no webhook for {}; run `uttor messenger setup` while `uttor serve` runs, or enter the \
                 callback URL {} and the verify token in {SETTINGS}",
                object.plural(),
                self.callback()
            ));
        };
        let callback = webhook["callback_url"].as_str().unwrap_or_default();
        if self.public_url.is_some() && callback != self.callback() {
            // `setup` leaves it alone, so nothing else about it is of use.
            let line = elsewhere(callback, webhook["active"] != false, &self.callback());
            return self.wrong(format!("{what} {line}"));
        }
        if webhook["active"] == false {
            self.wrong(format!("{what} is switched off; run `uttor messenger setup`"));
        }
        match self.missing(object, &webhook["fields"]).as_slice() {
            [] => self.good(format!("{what} has its subscriptions")),
            missing => self.wrong(format!(
                "{what} is not subscribed to {}; run `uttor messenger setup`",
                missing.join(", ")
            )),
        }
    }

    async fn profile(&mut self) {
        let wanted = "get_started,ice_breakers,greeting,persistent_menu";
        let profile = match self.graph.get("me/messenger_profile", &[("fields", wanted)]).await {
            Ok(profile) => profile,
            Err(failure @ (Failure::Permission(_) | Failure::Token(_) | Failure::Bad(_))) => {
                return self.wrong(format!(
                    "the profile cannot be read; the token comes first: make a new one for this Page, with \
                     pages_messaging, in the app's Messenger API Settings (2. Generate access tokens), put it into \
                     MESSENGER_PAGE_TOKEN and run this again; what Meta says: {failure}"
                ));
            }
            Err(failure) => return self.wrong(format!("the profile cannot be read: {failure}")),
        };
        let there = &profile["data"][0];
        let missing: Vec<&str> = wanted.split(',').filter(|part| there[*part].is_null()).collect();
        if missing.is_empty() {
            self.good("the profile is there");
        } else {
            self.careful(format!("the profile lacks {}; run `uttor messenger setup`", missing.join(", ")));
        }
    }

    /// Whether the account is linked to the Page, and shows its ice breakers.
    async fn instagram(&mut self, account: &str) {
        let fields = [("fields", "instagram_business_account{id,username}")];
        let page = match self.graph.get(&self.configured.page_id, &fields).await {
            Ok(page) => page,
            Err(failure) => {
                return self.wrong(format!("the Page's Instagram account cannot be read: {failure}"));
            }
        };
        let linked = &page["instagram_business_account"];
        match linked["id"].as_str() {
            Some(id) if id == account => self.good(format!(
                "the Page is linked to the Instagram account {}",
                linked["username"].as_str().unwrap_or(account)
            )),
            Some(id) => self.wrong(format!(
                "the Page is linked to the Instagram account {id}, MESSENGER_INSTAGRAM_ID says {account}; set the \
                 linked one, or link the other in the Page's settings (Linked accounts)"
            )),
            None => self.wrong(format!(
                "the Page is linked to no professional Instagram account, MESSENGER_INSTAGRAM_ID says {account}; link \
                 it in the Page's settings (Linked accounts), and allow access to messages in the Instagram app \
                 (Settings, Messages and story replies, Message controls, Connected tools)"
            )),
        }
        let query = [("fields", "ice_breakers"), ("platform", Object::Instagram.name())];
        match self.graph.get("me/messenger_profile", &query).await {
            Ok(profile) if profile["data"][0]["ice_breakers"].is_null() => {
                self.careful("Instagram shows no ice breakers; run `uttor messenger setup`");
            }
            Ok(_) => self.good("Instagram's ice breakers are there"),
            Err(failure) => self.wrong(format!("Instagram's ice breakers cannot be read: {failure}")),
        }
    }

    fn callback(&self) -> String {
        callback(self.public_url.unwrap_or("PUBLIC_URL"))
    }

    /// Verifies the own webhook as the platform does.
    async fn webhook(&mut self) {
        if self.public_url.is_none() || self.is_local {
            let what = self.public_url.map_or("is unset", |_| "leads to this machine only");
            self.wrong(format!(
                "PUBLIC_URL {what}; set it to the https address under which Meta reaches this server"
            ));
            if self.public_url.is_none() {
                return;
            }
        } else if !self.callback().starts_with("https://") {
            self.wrong("PUBLIC_URL is not https; Meta delivers to https with a trusted certificate only");
        }
        match verified(&self.callback(), &self.configured.verify_token).await {
            Ok(Heard::Challenge) => self.good("the webhook answers under PUBLIC_URL"),
            Ok(Heard::Refusal) => self.wrong(format!(
                "{} does not know the verify token; start `uttor serve` with the same MESSENGER_VERIFY_TOKEN as this \
                 command, and enter it in the app's webhook too",
                self.callback()
            )),
            Ok(Heard::Other(status)) => self.wrong(format!(
                "{} answers with something else (status {status}); another program answers there, or one in between: \
                 have it pass {ROUTE} on to `uttor serve` as it is",
                self.callback()
            )),
            Err(why) => self.wrong(format!(
                "{} cannot be reached ({why}); is `uttor serve` running, and the way to it open?",
                self.callback()
            )),
        }
    }
}

/// The problem when the token is of `me` and not of the Page with this id.
pub fn stranger(me: &Value, page: &str) -> Option<String> {
    let id = me["id"].as_str().unwrap_or("?");
    (id != page).then(|| {
        format!(
            "MESSENGER_PAGE_TOKEN is of {id}, MESSENGER_PAGE_ID says {page}; set the id of the Page that is to answer, \
             and the token that the app's Messenger API Settings make for it"
        )
    })
}

/// The webhook's answer to a verification.
enum Heard {
    Challenge,
    Refusal,
    /// A status, and no challenge.
    Other(u16),
}

async fn verified(callback: &str, token: &SecretString) -> Result<Heard, &'static str> {
    // The platform follows no redirects either.
    let client =
        reqwest::Client::builder().timeout(REQUEST_TIMEOUT).redirect(reqwest::redirect::Policy::none());
    let client = client.build().map_err(|_| "the system gives no TLS")?;
    let query = [
        ("hub.mode", "subscribe"),
        ("hub.verify_token", token.expose_secret()),
        ("hub.challenge", CHALLENGE),
    ];
    let answer = client.get(callback).query(&query).send().await.map_err(|error| {
        if error.is_timeout() { "it takes too long" } else { "no connection, or no trusted certificate" }
    })?;
    let status = answer.status();
    if status == reqwest::StatusCode::FORBIDDEN {
        return Ok(Heard::Refusal);
    }
    let is_right = status.is_success() && answer.text().await.is_ok_and(|text| text == CHALLENGE);
    Ok(if is_right { Heard::Challenge } else { Heard::Other(status.as_u16()) })
}
