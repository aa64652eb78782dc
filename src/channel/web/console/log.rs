//! The log: every change with who and when.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use maud::html;

use super::Console;
use super::fields::Fields;
use super::frame::{page as framed, unavailable};
use super::pieces::{address, ago, turn, who, whom};
use super::visitor::Visitor;
use crate::memory::Moment;
use crate::store::Scope;
use crate::wording::console as say;

const HERE: &str = "/admin/log";

/// Lines on a page.
const PAGE_SIZE: u32 = 50;

/// `GET /admin/log`.
pub async fn page(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let (tongue, now) = (visitor.tongue, Moment::now().unix);
    let number: u32 = Fields::parse(query.unwrap_or_default().as_bytes()).parsed("page").unwrap_or(0);
    let read = async { console.store()?.logged(PAGE_SIZE + 1, number.saturating_mul(PAGE_SIZE)).await };
    let mut lines = match read.await {
        Ok(lines) => lines,
        Err(error) => return unavailable(tongue, &error),
    };
    let has_next = lines.len() > PAGE_SIZE as usize;
    lines.truncate(PAGE_SIZE as usize);
    let content = html! {
        @if lines.is_empty() { p.empty { (say::NOTHING_LOGGED.of(tongue)) } } @else {
            div.scroll tabindex="0" role="region" aria-label=(say::LOG.of(tongue)) {
                table {
                    thead { tr {
                        th scope="col" { (say::WHEN.of(tongue)) }
                        th scope="col" { (say::WHO.of(tongue)) }
                        th scope="col" { (say::WHAT.of(tongue)) }
                    } }
                    tbody {
                        @for line in &lines {
                            tr {
                                td { (ago(line.at, now, tongue)) }
                                td { (who(&line.author, tongue)) }
                                td {
                                    (say::logged(&line.what, tongue)) " " (line.subject)
                                    @if line.scope != Scope::Base { " · " (whom(&line.scope, tongue)) }
                                }
                            }
                        }
                    }
                }
            }
        }
        (turn(number, has_next, tongue, |page| address(HERE, &[("page", page)])))
    };
    framed(&visitor, HERE, say::LOG.of(tongue), &content)
}
