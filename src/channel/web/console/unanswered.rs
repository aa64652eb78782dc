//! Unanswered questions: grouped, filtered, each with the entries nearest to it, answered here by a press or several at once.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::Console;
use super::card::{HERE, Shown, belongs, card, wordings};
use super::fields::Fields;
use super::frame::{missing, page as framed, unavailable};
use super::near::{find, nearest, search};
use super::pieces::{address, ago, scope_of, scope_value, turn, whom};
use super::teach::{Wish, flash, held_up, own_page, with};
use super::visitor::Visitor;
use crate::faq::Entry;
use crate::learning::phrasing_of;
use crate::memory::Moment;
use crate::message::GroupId;
use crate::store::{ClusterId, ClusterState, Error, Filter, Lesson, Order, Scope};
use crate::view::View;
use crate::wording::console::{self as say, Both, Tongue};

/// Wordings of a cluster that are read: those asked most.
const WORDINGS: u32 = 200;

/// Groups of questions on a page.
const PAGE_SIZE: u32 = 10;

/// Entries that are offered beside each.
const NEAREST: usize = 3;

const STATES: [(&str, ClusterState, Both); 3] = [
    ("open", ClusterState::Open, say::OPEN),
    ("answered", ClusterState::Answered, say::ANSWERED),
    ("ignored", ClusterState::Ignored, say::LEFT_OUT),
];

const ORDERS: [(&str, Order, Both); 3] = [
    ("rising", Order::Rising, say::RISING_FIRST),
    ("often", Order::Often, say::OFTEN_FIRST),
    ("newest", Order::Newest, say::NEWEST_FIRST),
];

/// What the list shows, as its address says it.
struct Asked {
    state: (&'static str, ClusterState),
    order: (&'static str, Order),
    channel: String,
    group: Option<Scope>,
    text: String,
    page: u32,
}

impl Asked {
    fn of(fields: &Fields) -> Self {
        let state = STATES.into_iter().find(|(name, ..)| *name == fields.get("state")).unwrap_or(STATES[0]);
        let order = ORDERS.into_iter().find(|(name, ..)| *name == fields.get("order")).unwrap_or(ORDERS[0]);
        let group = match fields.get("group") {
            "" => None,
            "private" => Some(Scope::Base),
            group => Some(scope_of(group)),
        };
        Self {
            state: (state.0, state.1),
            order: (order.0, order.1),
            channel: fields.get("channel").to_owned(),
            group,
            text: fields.get("q").to_owned(),
            page: fields.parsed("page").unwrap_or(0),
        }
    }

    fn group(&self) -> &str {
        match &self.group {
            None => "",
            Some(Scope::Base) => "private",
            Some(scope) => scope_value(scope),
        }
    }

    /// For whom is taught what is taught from here.
    fn scope(&self) -> Scope {
        self.group.clone().unwrap_or(Scope::Base)
    }

    fn address(&self, page: &str) -> String {
        let (state, order) = (self.state.0, self.order.0);
        let page = if page == "0" { "" } else { page };
        let pairs = [
            ("state", if state == "open" { "" } else { state }),
            ("order", if order == "rising" { "" } else { order }),
            ("channel", &self.channel),
            ("group", self.group()),
            ("q", &self.text),
            ("page", page),
        ];
        address(HERE, &pairs)
    }
}

/// `GET /admin/unanswered`, and `/admin`.
pub async fn page(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let asked = Asked::of(&fields);
    match list(&console, &visitor, &fields, &asked).await {
        Ok(content) => framed(&visitor, HERE, say::UNANSWERED.of(visitor.tongue), &content),
        Err(error) => unavailable(visitor.tongue, &error),
    }
}

async fn list(console: &Console, visitor: &Visitor, fields: &Fields, asked: &Asked) -> Result<Markup, Error> {
    let (store, tongue, now) = (console.store()?, visitor.tongue, Moment::now().unix);
    let filter = Filter {
        state: asked.state.1,
        channel: &asked.channel,
        scope: asked.group.as_ref(),
        text: &asked.text,
        order: asked.order.1,
    };
    // One more tells whether there is a next page.
    let mut listed = store.listed(&filter, PAGE_SIZE + 1, asked.page.saturating_mul(PAGE_SIZE), now).await?;
    let has_next = listed.len() > PAGE_SIZE as usize;
    listed.truncate(PAGE_SIZE as usize);
    let view = console.view(&asked.scope()).await;
    let mut shown = Vec::new();
    for listed in listed {
        let questions = store.most_asked(listed.id, WORDINGS).await?;
        let text = questions.first().map_or("", |question| &question.text);
        let nearest = nearest(&view, text, NEAREST);
        shown.push(Shown { listed, questions, nearest });
    }
    let places = store.where_asked().await?;
    let back = asked.address(&asked.page.to_string());
    let acts = visitor.edits() && asked.state.1 == ClusterState::Open;
    Ok(html! {
        (flash(visitor, fields, &back))
        (filters(asked, &places, tongue))
        @if shown.is_empty() { (nothing(asked, tongue)) }
        form method="post" action=(HERE) {
            input type="hidden" name="back" value=(back);
            input type="hidden" name="group" value=(scope_value(&asked.scope()));
            @if acts && !shown.is_empty() {
                @if asked.scope() != Scope::Base {
                    p.hint { (say::taught_for(&whom(&asked.scope(), tongue), tongue)) }
                }
            }
            ul.cards { @for one in &shown { li.card { (card(one, acts, visitor, now)) } } }
            @if acts && !shown.is_empty() { (several(&view, tongue)) }
        }
        (turn(asked.page, has_next, tongue, |page| asked.address(page)))
        p.hint { (say::kept_for(console.retention_days, tongue)) }
    })
}

fn filters(asked: &Asked, places: &[(String, Scope)], tongue: Tongue) -> Markup {
    let mut channels: Vec<&str> = places.iter().map(|(channel, _)| channel.as_str()).collect();
    channels.dedup();
    let mut groups: Vec<&GroupId> = places
        .iter()
        .filter_map(|(_, scope)| if let Scope::Group(group) = scope { Some(group) } else { None })
        .collect();
    groups.sort();
    groups.dedup();
    let option = |value: &str, selected: bool, text: &str| {
        html! { option value=(value) selected[selected] { (text) } }
    };
    html! {
        form.filters method="get" action=(HERE) role="search" {
            label { span { (say::SEARCH.of(tongue)) } input type="search" name="q" value=(asked.text); }
            label {
                span { (say::STATE.of(tongue)) }
                select name="state" {
                    @for (name, _, text) in STATES { (option(name, name == asked.state.0, text.of(tongue))) }
                }
            }
            label {
                span { (say::ORDER.of(tongue)) }
                select name="order" {
                    @for (name, _, text) in ORDERS { (option(name, name == asked.order.0, text.of(tongue))) }
                }
            }
            label {
                span { (say::CHANNEL.of(tongue)) }
                select name="channel" {
                    (option("", asked.channel.is_empty(), say::ANY.of(tongue)))
                    @for channel in channels { (option(channel, channel == asked.channel, channel)) }
                }
            }
            label {
                span { (say::GROUP.of(tongue)) }
                select name="group" {
                    (option("", asked.group.is_none(), say::ANY.of(tongue)))
                    (option("private", asked.group == Some(Scope::Base), say::PRIVATE.of(tongue)))
                    @for group in groups { (option(group.as_str(), group.as_str() == asked.group(), group.as_str())) }
                }
            }
            button { (say::SHOW.of(tongue)) }
        }
    }
}

fn nothing(asked: &Asked, tongue: Tongue) -> Markup {
    let is_filtered = asked.address("0") != HERE;
    html! {
        div.empty {
            @if is_filtered {
                p { (say::NOTHING_FOUND.of(tongue)) }
                p { a.button href=(HERE) { (say::SHOW_ALL.of(tongue)) } }
            } @else {
                p { (say::NOTHING_UNANSWERED.of(tongue)) }
            }
        }
    }
}

/// What is done with all that are ticked.
fn several(view: &View, tongue: Tongue) -> Markup {
    html! {
        fieldset.several {
            legend { (say::CHOSEN.of(tongue)) }
            label { span { (say::ENTRY.of(tongue)) } input name="entry" list="entries" autocomplete="off"; }
            datalist #entries {
                @for entry in view.entries() { option value=(entry.id) { (entry.question) } }
            }
            button name="act" value="belong" { (say::BELONG_TO_IT.of(tongue)) }
            button name="act" value="none" { (say::ARE_NONE.of(tongue)) }
        }
    }
}

/// `GET /admin/unanswered/{cluster}`: one group of questions, with any entry by search.
pub async fn one(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(cluster): Path<i64>,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let questions = async { console.store()?.most_asked(ClusterId(cluster), WORDINGS).await };
    let questions = match questions.await {
        Ok(questions) => questions,
        Err(error) => return unavailable(visitor.tongue, &error),
    };
    let Some(first) = questions.first() else { return missing(&visitor) };
    let (tongue, wanted) = (visitor.tongue, fields.get("q"));
    let view = console.view(&Scope::Base).await;
    let found: Vec<(Entry, Option<f32>)> = if wanted.is_empty() {
        nearest(&view, &first.text, NEAREST + 2)
            .into_iter()
            .map(|(entry, score)| (entry, Some(score)))
            .collect()
    } else {
        search(&view, wanted).into_iter().map(|entry| (entry, None)).collect()
    };
    let own = format!("{HERE}/{cluster}");
    let content = html! {
        (flash(&visitor, &fields, &own))
        p.meta { (say::times(questions.iter().map(|question| question.asked).sum(), tongue)) " · " (ago(first.last_at, Moment::now().unix, tongue)) }
        (wordings(&questions, usize::MAX, tongue))
        @if visitor.edits() {
            h2 { (say::BELONGS_TO.of(tongue)) }
            form.filters method="get" action=(own) role="search" {
                label { span { (say::SEARCH_ENTRY.of(tongue)) } input type="search" name="q" value=(wanted); }
                button { (say::SEARCH.of(tongue)) }
            }
            @if found.is_empty() { p.empty { (say::NO_ENTRY_FOUND.of(tongue)) } }
            form method="post" action=(HERE) {
                input type="hidden" name="back" value=(HERE);
                div.choices { @for (entry, score) in &found { (belongs(cluster, entry, *score, tongue)) } }
                div.actions { a.button href={ "/admin/entries/new?cluster=" (cluster) } { (say::NEW_ENTRY.of(tongue)) }
                button name="act" value={ "none:" (cluster) } { (say::IS_NONE.of(tongue)) } }
            }
        }
    };
    framed(&visitor, HERE, &first.text, &content)
}

/// `POST /admin/unanswered`: gives questions to an entry, or says that no entry answers them.
pub async fn act(State(console): State<Arc<Console>>, visitor: Visitor, fields: Fields) -> Response {
    let act = fields.get("act").to_owned();
    let (what, clusters, entry) = match act.split(':').collect::<Vec<_>>()[..] {
        ["belongs", cluster, entry] => ("belongs", vec![cluster], entry),
        ["none", cluster] => ("none", vec![cluster], ""),
        ["belong"] => ("belongs", fields.all("cluster").collect(), fields.get("entry")),
        _ => ("none", fields.all("cluster").collect(), ""),
    };
    let scope = scope_of(fields.get("group"));
    let view = console.view(&scope).await;
    let wanted = find(&view, entry);
    let mut carried =
        vec![("back", own_page(fields.get("back")).to_owned()), ("group", scope_value(&scope).to_owned())];
    let (mut done, mut refusals) = (Vec::new(), Vec::new());
    for cluster in clusters {
        let Ok(id) = cluster.parse().map(ClusterId) else { continue };
        let questions = async { console.store()?.questions(id).await };
        let questions = match questions.await {
            Ok(questions) => questions,
            Err(error) => return unavailable(visitor.tongue, &error),
        };
        let Some(first) = questions.first() else { continue };
        let text = phrasing_of(&first.text);
        let lesson = match (what, &wanted) {
            ("belongs", Some(entry)) => Lesson::Phrasing { entry: entry.clone(), text },
            ("belongs", None) => {
                let unknown = say::unknown_entry(entry, visitor.tongue);
                return super::frame::notice(&visitor, say::NOT_TAUGHT, &unknown);
            }
            _ if text.is_empty() => Lesson::Ignore { text: first.text.clone() },
            _ => Lesson::CounterExample { text },
        };
        let accepted = !fields.get("accepted").is_empty();
        let wish = Wish { scope: scope.clone(), lesson, clusters: vec![id], accepted };
        match console.teach(&visitor, wish).await {
            Ok(id) => done.push(id.0.to_string()),
            Err(refusal) => {
                carried.push(("cluster", id.0.to_string()));
                refusals.push((first.text.clone(), refusal));
            }
        }
    }
    if refusals.is_empty() {
        let back = own_page(fields.get("back"));
        let to = if done.is_empty() { back.to_owned() } else { with(back, "done", &done.join(".")) };
        return Redirect::to(&to).into_response();
    }
    carried.push(("act", if what == "belongs" { "belong" } else { "none" }.to_owned()));
    carried.push(("entry", entry.to_owned()));
    held_up(&visitor, HERE, &carried, &refusals)
}
