//! Renders a reply as Messenger's messages: text in pieces, quick replies, and the article's link as a button.
//!
//! Limits, by Meta's documentation or stricter: a text of 2,000 characters, a text with buttons of 640, three buttons,
//! thirteen quick replies, titles of 20 characters.

use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation as _;
use url::Url;

use super::surface::Surface;
use super::wire::OWN;
use crate::message::Payload;
use crate::reply::pager::Page;
use crate::reply::render::{plain, plain_pieces};
use crate::reply::{Action, Outcome, Reply};
use crate::view::View;
use crate::wording::Wording;

/// Characters of a text that has buttons.
const MAX_BUTTON_TEXT: usize = 640;

/// Buttons of one message.
const MAX_BUTTONS: usize = 3;

/// Quick replies of one message.
const MAX_QUICK_REPLIES: usize = 13;

/// Characters of a title.
const MAX_TITLE: usize = 20;

/// Topics on a page: two quick replies turn it.
const PAGE: usize = MAX_QUICK_REPLIES - 2;

/// The payload of a quick reply that turns to a page of topics, before the page's number.
pub const TOPICS: &str = "topics:";

/// A quick reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its text.
    pub title: String,
    /// What a press sends.
    pub payload: String,
}

impl Choice {
    /// With `title`, cut to the platform's limit.
    pub fn new(title: &str, payload: &(impl ToString + ?Sized)) -> Self {
        Self { title: short(title), payload: payload.to_string() }
    }
}

/// A message, and the same as plain text, sent when the platform refuses the message.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// As the Send API takes it.
    pub message: Value,
    /// Without buttons.
    pub plain: String,
}

/// `title`, cut between graphemes if it is too long.
fn short(title: &str) -> String {
    if title.chars().count() <= MAX_TITLE {
        return title.to_owned();
    }
    let mut left = MAX_TITLE - 1;
    let fits = title.graphemes(true).take_while(|grapheme| {
        let length = grapheme.chars().count();
        let fits = length <= left;
        left = left.saturating_sub(length);
        fits
    });
    let cut: String = fits.collect();
    format!("{}…", cut.trim_end())
}

/// The messages of a text in the mini-markup; the last one has the buttons. Where texts bear no link buttons, the links
/// stand below the text.
pub fn messages(
    surface: Surface,
    say: &Wording,
    text: &str,
    choices: &[Choice],
    links: &[(String, Url)],
) -> Vec<Outgoing> {
    let has_buttons = surface.has_link_buttons() && !links.is_empty();
    let mut pieces = if has_buttons {
        plain_pieces(text, surface.limit())
    } else {
        plain_pieces(&format!("{text}{}", below(links)), surface.limit())
    };
    if has_buttons && pieces.last().is_none_or(|last| last.chars().count() > MAX_BUTTON_TEXT) {
        pieces.push(say.read_more_here().to_owned());
    }
    let last = pieces.len().saturating_sub(1);
    let message = |(number, piece): (usize, String)| {
        let mut message = blank(surface);
        if number == last && has_buttons {
            let buttons: Vec<Value> = links
                .iter()
                .take(MAX_BUTTONS)
                .map(
                    |(title, link)| json!({ "type": "web_url", "title": short(title), "url": link.as_str() }),
                )
                .collect();
            message["attachment"] = json!({
                "type": "template",
                "payload": { "template_type": "button", "text": piece, "buttons": buttons },
            });
        } else {
            message["text"] = Value::from(piece.as_str());
        }
        if number == last && !choices.is_empty() {
            message["quick_replies"] = quick_replies(choices);
        }
        Outgoing { message, plain: piece }
    };
    pieces.into_iter().enumerate().map(message).collect()
}

/// A message that says nothing yet. Instagram's echoes do not bring metadata back, so it gets none.
pub fn blank(surface: Surface) -> Value {
    if surface == Surface::Page { json!({ "metadata": OWN }) } else { json!({}) }
}

fn quick_replies(choices: &[Choice]) -> Value {
    let quick = choices.iter().take(MAX_QUICK_REPLIES);
    quick
        .map(|choice| json!({ "content_type": "text", "title": choice.title, "payload": choice.payload }))
        .collect()
}

/// The links as lines of a text.
fn below(links: &[(String, Url)]) -> String {
    links.iter().flat_map(|(title, link)| ["\n\n", title.as_str(), ": ", link.as_str()]).collect()
}

/// What a reply is made of.
struct Parts {
    text: String,
    choices: Vec<Choice>,
    links: Vec<(String, Url)>,
}

fn parts(reply: &Reply, view: &View, with_links: bool) -> Parts {
    let mut choices = Vec::new();
    let mut links = Vec::new();
    let mut text = reply.text.clone();
    let is_choice = matches!(reply.outcome, Outcome::Suggest(_));
    for button in &reply.buttons {
        match &button.action {
            // A fallback's text has the link already.
            Action::Open(link) if with_links && !matches!(reply.outcome, Outcome::Fallback(_)) => {
                // "Read on: NAME" of two entries would be cut to the same letters; the name alone fits.
                let read_on = format!("{}: ", view.wording().read_on());
                let name = button.label.strip_prefix(&read_on);
                let label = name.unwrap_or(&button.label).to_owned();
                links.extend(Url::parse(link).map(|link| (label, link)));
            }
            Action::Open(_) => {}
            // A question is too long for a quick reply: the text lists it, the quick reply has its label.
            Action::Press(payload @ Payload::Entry(id)) if is_choice => {
                text.push_str("\n- ");
                text.push_str(&button.label);
                let label = view.entry(id).map_or(button.label.as_str(), |entry| entry.label.as_str());
                choices.push(Choice::new(label, payload));
            }
            Action::Press(payload) => choices.push(Choice::new(&button.label, payload)),
        }
    }
    Parts { text, choices, links }
}

/// The messages of a reply. Without `with_links` none opens the article.
pub fn of_reply(surface: Surface, reply: &Reply, view: &View, with_links: bool) -> Vec<Outgoing> {
    let Parts { text, choices, links } = parts(reply, view, with_links);
    messages(surface, view.wording(), &text, &choices, &links)
}

/// The one message of a private reply to a comment: there may be no second one before the person answers.
pub fn only(surface: Surface, reply: &Reply, view: &View, with_links: bool) -> Option<Outgoing> {
    let mut all = of_reply(surface, reply, view, with_links);
    if all.len() <= 1 {
        return all.pop();
    }
    let Parts { text, choices, links } = parts(reply, view, with_links);
    // Where the links are lines of the text, they stay, and the text before them is cut.
    let links = if surface.has_link_buttons() { String::new() } else { below(&links) };
    let limit = surface.limit().without(&links);
    let piece = plain_pieces(&plain(&text), limit).into_iter().next()? + &links;
    let mut message = blank(surface);
    message["text"] = piece.as_str().into();
    if !choices.is_empty() {
        message["quick_replies"] = quick_replies(&choices);
    }
    Some(Outgoing { message, plain: piece })
}

/// A page of topics: its text and its quick replies; the last page where there are not so many.
pub fn topics(view: &View, page: usize) -> (String, Vec<Choice>) {
    let page = Page::of(view.entries(), page, PAGE);
    let mut choices: Vec<Choice> = (page.items.iter())
        .map(|entry| Choice::new(&entry.label, &Payload::Entry(entry.id.clone())))
        .collect();
    let say = view.wording();
    for (label, number) in [(say.page_before(), page.before()), (say.page_after(), page.after())] {
        choices.extend(number.map(|number| Choice::new(label, &format!("{TOPICS}{number}"))));
    }
    (page.topics_title(say), choices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_cut_between_letters() {
        assert_eq!(short("সব বিষয়"), "সব বিষয়");
        let long = short("কম্পিউটার ছাড়া মোবাইল দিয়ে হবে কি");
        assert!(long.chars().count() <= MAX_TITLE && long.ends_with('…'), "{long}");
        assert!("কম্পিউটার ছাড়া মোবাইল দিয়ে হবে কি".starts_with(long.trim_end_matches('…')));
    }

    #[test]
    fn a_long_answer_keeps_its_buttons_on_the_last_message() {
        let text = "আগে কাজ শিখুন। ".repeat(200);
        let link = Url::parse("https://example.org/guide").map(|link| ("পড়ুন".to_owned(), link));
        let links: Vec<_> = link.into_iter().collect();
        let say = Wording::new("bn", crate::wording::Table::new());
        let all = messages(Surface::Page, &say, &text, &[Choice::new("👍", "helpful:mobile")], &links);
        assert!(all.len() >= 2);
        let (last, before) = all.split_last().unwrap_or_else(|| unreachable!());
        assert!(before.iter().all(|one| one.message["quick_replies"].is_null()));
        assert!(
            before.iter().all(|one| one.message["text"].as_str().is_some_and(|text| text.ends_with('।')))
        );
        assert_eq!(last.message["quick_replies"][0]["payload"], "helpful:mobile");
        assert_eq!(last.message["attachment"]["payload"]["buttons"][0]["type"], "web_url");
    }
}
