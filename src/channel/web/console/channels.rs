//! Groups and channels: whether each is ready, what waits, what went wrong, what groups have set, and the contact.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::Console;
use super::fields::Fields;
use super::frame::{notice, page as framed, unavailable};
use super::pieces::whom;
use super::teach::flash;
use super::visitor::Visitor;
use crate::channel::telegram::group::settings::CONTACT;
use crate::memory::Moment;
use crate::reply::links::Contact;
use crate::store::{Role, Scope, Store};
use crate::wording::console::{self as say, Tongue};

const HERE: &str = "/admin/channels";

/// Groups that are shown with their settings.
const MAX_GROUPS: usize = 200;

/// A channel as it is shown.
struct Shown {
    name: &'static str,
    /// Whether it is on and ready; none where it is off.
    ready: Option<bool>,
    fault: Option<String>,
    /// What counts belong to it.
    prefix: &'static str,
}

/// `GET /admin/channels`.
pub async fn page(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let tongue = visitor.tongue;
    let read = async {
        let store = console.store()?;
        let contact = store.settings(&Scope::Base).await?.remove(CONTACT);
        Ok((store.waiting().await?, groups(store).await?, contact))
    };
    let (waiting, groups, contact) = match read.await {
        Ok(read) => read,
        Err(error) => return unavailable(tongue, &error),
    };
    let (telegram, messenger) = (&console.others.telegram, &console.others.messenger);
    let channels = [
        Shown { name: "web", ready: Some(true), fault: None, prefix: "uttor_http_errors" },
        Shown {
            name: "telegram",
            ready: telegram.as_ref().map(|telegram| telegram.is_ready()),
            fault: None,
            prefix: "uttor_telegram_",
        },
        Shown {
            name: "messenger",
            ready: messenger.as_ref().map(|messenger| messenger.fault().is_none()),
            fault: messenger.as_ref().and_then(|messenger| messenger.fault()),
            prefix: "uttor_messenger_",
        },
    ];
    let counted = console.metrics.render();
    let content = html! {
        (flash(&visitor, &fields, HERE))
        div.columns {
            @for channel in &channels {
                section.card {
                    h2 { (channel.name) }
                    p { span.badge { (say::state(channel.ready, tongue)) } }
                    @if let Some(fault) = &channel.fault { p.alarm { (fault) } }
                    @if channel.ready.is_none() { p.hint { (say::CHANNEL_OFF.of(tongue)) } } @else {
                        p.meta { (say::waiting(waiting.iter().find(|(name, _)| name == channel.name).map_or(0, |(_, count)| *count), tongue)) }
                        (counts(&counted, channel.prefix, tongue))
                    }
                }
            }
        }
        h2 { (say::CONTACT.of(tongue)) }
        (contact_form(&console, &visitor, contact.as_deref()))
        h2 { (say::GROUPS.of(tongue)) }
        @if groups.is_empty() { p.empty { (say::NO_GROUPS.of(tongue)) } }
        @for (scope, settings) in &groups {
            section.card {
                h3 { (whom(scope, tongue)) }
                @if settings.is_empty() { p.hint { (say::DEFAULTS.of(tongue)) } } @else {
                    dl.facts { @for (name, value) in settings { dt { (name) } dd { (value) } } }
                }
            }
        }
    };
    framed(&visitor, HERE, say::CHANNELS.of(tongue), &content)
}

type Settings = Vec<(String, String)>;

async fn groups(store: &Store) -> Result<Vec<(Scope, Settings)>, crate::store::Error> {
    let mut groups = Vec::new();
    for scope in store.groups().await?.into_iter().take(MAX_GROUPS) {
        let settings = store.settings(&scope).await?.into_iter().collect();
        groups.push((scope, settings));
    }
    Ok(groups)
}

/// What became of the channel's requests since the start.
fn counts(counted: &str, prefix: &str, tongue: Tongue) -> Markup {
    let of_channel: Vec<(&str, &str)> = counted
        .lines()
        .filter(|line| line.starts_with(prefix))
        .filter_map(|line| line.rsplit_once(' '))
        .filter(|(_, count)| *count != "0")
        .collect();
    html! {
        @if !of_channel.is_empty() {
            details {
                summary { (say::SINCE_START.of(tongue)) }
                ul { @for (name, count) in of_channel { li { code { (name.trim_start_matches("uttor_")) } ": " (count) } } }
            }
        }
    }
}

fn contact_form(console: &Console, visitor: &Visitor, on_telegram: Option<&str>) -> Markup {
    let tongue = visitor.tongue;
    let everywhere = console.links.contact().map(|contact| match contact {
        Contact::Page(address) | Contact::Mail(address) => address.as_str(),
    });
    html! {
        p {
            (say::CONTACT_IS.of(tongue)) " "
            @if let Some(contact) = everywhere { strong { (contact) } } @else { (say::NOBODY.of(tongue)) }
        }
        @if visitor.role >= Role::Operator {
            form.filters method="post" action=(HERE) {
                label {
                    span { (say::CONTACT_ON_TELEGRAM.of(tongue)) }
                    input name="contact" placeholder="@name" value=(on_telegram.map(|name| format!("@{name}")).unwrap_or_default())
                        pattern="@?[A-Za-z0-9_]{5,32}";
                }
                button { (say::SAVE.of(tongue)) }
            }
        }
    }
}

/// `POST /admin/channels`: whom people reach on Telegram who want a person; empty: nobody.
pub async fn set_contact(State(console): State<Arc<Console>>, visitor: Visitor, fields: Fields) -> Response {
    let name = fields.get("contact").trim_start_matches('@');
    let is_name =
        (5..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !name.is_empty() && !is_name {
        return notice(&visitor, say::NOT_SAVED, say::WRONG_CONTACT.of(visitor.tongue));
    }
    let value = (!name.is_empty()).then_some(name);
    let now = Moment::now().unix;
    let set = async { console.store()?.set(&Scope::Base, CONTACT, value, &visitor.author, now).await };
    match set.await {
        Ok(_) => Redirect::to(&super::teach::with(HERE, "saved", "1")).into_response(),
        Err(error) => unavailable(visitor.tongue, &error),
    }
}
