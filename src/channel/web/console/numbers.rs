//! Numbers: by day, channel and group, the entries answered most, and answers that displease.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};

use super::Console;
use super::fields::Fields;
use super::frame::{notice, page as framed, unavailable};
use super::pieces::{address, whom};
use super::visitor::Visitor;
use crate::memory::Moment;
use crate::statistics::{OneDay, Outcomes, Statistics, csv, iso};
use crate::store::{Day, Scope};
use crate::wording::console::{self as say, Tongue};

const HERE: &str = "/admin/numbers";

/// Over how many days can be counted, the first where none is chosen.
const DAYS: [u32; 3] = [30, 7, 90];

/// Entries that are listed.
const MAX_ENTRIES: usize = 20;

/// The chart, in its own units.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 160.0;
const FOOT: f64 = 18.0;

fn days(fields: &Fields) -> u32 {
    fields.parsed("days").filter(|days| DAYS.contains(days)).unwrap_or(DAYS[0])
}

/// `GET /admin/numbers`.
pub async fn page(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let (tongue, now) = (visitor.tongue, Moment::now().unix);
    let days = days(&Fields::parse(query.unwrap_or_default().as_bytes()));
    let read = async {
        let store = console.store()?;
        Ok((
            Statistics::read(store, days, now, console.minutes_east()).await?,
            store.unanswered_by_scope().await?,
        ))
    };
    let (statistics, scopes) = match read.await {
        Ok(read) => read,
        Err(error) => return unavailable(tongue, &error),
    };
    let content = html! {
        form.filters method="get" action=(HERE) {
            label {
                span { (say::PERIOD.of(tongue)) }
                select name="days" {
                    @for choice in DAYS { option value=(choice) selected[choice == days] { (say::last_days(choice, tongue)) } }
                }
            }
            button { (say::SHOW.of(tongue)) }
            a.button href=(address("/admin/numbers.csv", &[("days", &days.to_string())])) download { "CSV" }
        }
        @if statistics.messages.total() == 0 { p.empty { (say::NOTHING_COUNTED.of(tongue)) } } @else {
            p { strong { (say::summary(statistics.messages.total(), statistics.messages.share_answered(), tongue)) }
                " · 👍 " (say::number(statistics.feedback.helpful, tongue)) " · 👎 " (say::number(statistics.feedback.unhelpful, tongue)) }
            (chart(&statistics, tongue))
            (table(say::BY_DAY.of(tongue), say::DAY.of(tongue), statistics.days.iter().rev().map(|one| (iso(one.day), one.messages)), tongue))
            (table(say::BY_CHANNEL.of(tongue), say::CHANNEL.of(tongue), statistics.channels.iter().map(|one| (one.channel.clone(), one.messages)), tongue))
        }
        @if !scopes.is_empty() { (by_group(&scopes, tongue)) }
        @if !statistics.entries.is_empty() { (top(&statistics, tongue)) }
        @if !statistics.disliked.is_empty() {
            h2 { (say::DISLIKED.of(tongue)) }
            @for disliked in &statistics.disliked {
                section.card {
                    h3 { a href={ "/admin/entries/" (disliked.entry) } { (disliked.entry) } }
                    p.meta { "👎 " (say::number(disliked.judgements.unhelpful, tongue)) " · 👍 " (say::number(disliked.judgements.helpful, tongue)) }
                    ul { @for asked in &disliked.questions { li { (asked.text) " " span.meta { (say::times(asked.asked, tongue)) } } } }
                }
            }
        }
    };
    framed(&visitor, HERE, say::NUMBERS.of(tongue), &content)
}

fn table(
    caption: &str,
    first: &str,
    rows: impl Iterator<Item = (String, Outcomes)>,
    tongue: Tongue,
) -> Markup {
    let columns = [say::MESSAGES, say::ANSWERED, say::OFFERED, say::NOT_FOUND_COUNT, say::SHARE];
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr {
                    th scope="col" { (first) }
                    @for column in columns { th.number scope="col" { (column.of(tongue)) } }
                } }
                tbody {
                    @for (name, one) in rows {
                        tr {
                            th scope="row" { (name) }
                            @for count in [one.total(), one.answer, one.suggest, one.fallback] {
                                td.number { (say::number(count, tongue)) }
                            }
                            td.number { (say::share(one.share_answered(), tongue)) }
                        }
                    }
                }
            }
        }
    }
}

/// Bars by day: what was asked, and in front of it what was answered. The table below says the same.
fn chart(statistics: &Statistics, tongue: Tongue) -> Markup {
    let asked = |one: Outcomes| one.answer + one.suggest + one.fallback;
    let most = statistics.days.iter().map(|one| asked(one.messages)).max().unwrap_or(0).max(1) as f64;
    let count = statistics.to.0 - statistics.from.0 + 1;
    let slot = WIDTH / count.max(1) as f64;
    let bar = |one: &OneDay, messages: u64| {
        let height = messages as f64 / most * (HEIGHT - FOOT);
        let x = (one.day.0 - statistics.from.0) as f64 * slot + slot * 0.1;
        let text = |number: f64| format!("{number:.1}");
        (text(x), text(HEIGHT - FOOT - height), text(slot * 0.8), text(height))
    };
    html! {
        svg.chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(say::CHART.of(tongue)) {
            @for one in &statistics.days {
                @for (class, messages) in [("asked", asked(one.messages)), ("answered", one.messages.answer)] {
                    @let (x, y, width, height) = bar(one, messages);
                    rect class=(class) x=(x) y=(y) width=(width) height=(height) {
                        title { (iso(one.day)) ": " (messages) }
                    }
                }
            }
            text x="0" y=(HEIGHT - 4.0) { (iso(statistics.from)) }
            text x=(WIDTH) y=(HEIGHT - 4.0) text-anchor="end" { (iso(statistics.to)) }
        }
    }
}

fn by_group(scopes: &[(Scope, u64)], tongue: Tongue) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(say::BY_GROUP.of(tongue)) {
            table {
                caption { (say::BY_GROUP.of(tongue)) }
                thead { tr { th scope="col" { (say::GROUP.of(tongue)) } th.number scope="col" { (say::UNANSWERED.of(tongue)) } } }
                tbody {
                    @for (scope, asked) in scopes {
                        tr {
                            th scope="row" {
                                @if *scope == Scope::Base { (say::PRIVATE.of(tongue)) } @else { (whom(scope, tongue)) }
                            }
                            td.number { (say::number(asked, tongue)) }
                        }
                    }
                }
            }
        }
    }
}

fn top(statistics: &Statistics, tongue: Tongue) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(say::TOP_ENTRIES.of(tongue)) {
            table {
                caption { (say::TOP_ENTRIES.of(tongue)) }
                thead { tr {
                    th scope="col" { (say::ENTRY.of(tongue)) }
                    th.number scope="col" { (say::ANSWERED.of(tongue)) }
                    th.number scope="col" { "👍" }
                    th.number scope="col" { "👎" }
                } }
                tbody {
                    @for one in statistics.entries.iter().take(MAX_ENTRIES) {
                        tr {
                            th scope="row" { a href={ "/admin/entries/" (one.entry) } { (one.entry) } }
                            td.number { (say::number(one.answers, tongue)) }
                            td.number { (say::number(one.judgements.helpful, tongue)) }
                            td.number { (say::number(one.judgements.unhelpful, tongue)) }
                        }
                    }
                }
            }
        }
    }
}

/// `GET /admin/numbers.csv`: the counts as `uttor stats --csv` has them.
pub async fn table_file(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let days = days(&Fields::parse(query.unwrap_or_default().as_bytes()));
    let offset = console.minutes_east();
    let to = Day::of(Moment::now().unix, offset);
    let from = Day(to.0 - i64::from(days) + 1);
    let read = async {
        let store = console.store()?;
        let tallies = store.tallies(from, to).await?;
        Ok((tallies, store.verdicts(from.start(offset)).await?, store.open_clusters().await?))
    };
    let (tallies, verdicts, open) = match read.await {
        Ok(read) => read,
        Err(error) => return unavailable(visitor.tongue, &error),
    };
    let mut bytes = Vec::new();
    if let Err(error) = csv(&mut bytes, &tallies, &verdicts, open) {
        return notice(&visitor, say::NOT_NOW, &error.to_string());
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"uttor.csv\""),
    ];
    (headers, bytes).into_response()
}
