//! An entry in a form: what is typed, checked, shown as every channel will show it.

use maud::{Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::fields::Fields;
use super::visitor::Visitor;
use crate::faq::import::slug::slug;
use crate::faq::{ANSWER_CHARS, Entry, EntryId, LABEL_CHARS};
use crate::reply::render::{Limit, Unit, page_html, plain_pieces, telegram_html};
use crate::wording::console::{self as say, Tongue};

/// The longest message on Messenger, in characters.
const MESSENGER_CHARS: usize = 2_000;

/// Hexadecimal digits of a digest: two versions of an entry never share them by chance.
const SEEN_CHARS: usize = 16;

/// What a form holds.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The entry's id; empty: made of the question.
    pub id: String,
    /// The question.
    pub question: String,
    /// The label of its button.
    pub label: String,
    /// The answer.
    pub answer: String,
    /// The heading in the article, which is not edited here.
    pub section: Option<String>,
    /// Its picture on Telegram, which is not edited here either.
    pub picture: Option<String>,
    /// Ids, one a line.
    pub related: Vec<String>,
    /// How people ask, one a line.
    pub phrasings: Vec<String>,
    /// Which version of the entry the form was made from.
    pub seen: String,
    /// The unanswered question that a new entry answers.
    pub cluster: String,
}

impl Draft {
    /// Of an entry that there is.
    pub fn of(entry: &Entry) -> Self {
        let seen = Sha256::digest(format!("{entry:?}").as_bytes());
        Self {
            id: entry.id.to_string(),
            question: entry.question.clone(),
            label: entry.label.clone(),
            answer: entry.answer.clone(),
            section: entry.section.clone(),
            picture: entry.picture.clone(),
            related: entry.related.iter().map(EntryId::to_string).collect(),
            phrasings: entry.phrasings.clone(),
            seen: hex::encode(seen).chars().take(SEEN_CHARS).collect(),
            cluster: String::new(),
        }
    }

    /// What somebody typed; `id` where it is an entry's form.
    pub fn read(fields: &Fields, id: &str) -> Self {
        let id = if id.is_empty() { fields.get("id") } else { id };
        Self {
            id: id.to_owned(),
            question: fields.get("question").to_owned(),
            label: fields.get("label").to_owned(),
            answer: fields.get("answer").replace("\r\n", "\n"),
            section: None,
            picture: None,
            related: fields.lines("related"),
            phrasings: fields.lines("phrasings"),
            seen: fields.get("seen").to_owned(),
            cluster: fields.get("cluster").to_owned(),
        }
    }

    /// The entry; or what is wrong with an id.
    pub fn entry(&self, tongue: Tongue) -> Result<Entry, String> {
        let id = if self.id.is_empty() { slug(&self.question) } else { self.id.clone() };
        let id = id.parse().map_err(|_| say::wrong_id(&id, tongue))?;
        let related = self.related.iter().map(|one| one.parse().map_err(|_| say::unknown_entry(one, tongue)));
        let mut phrasings = self.phrasings.clone();
        // A question is a way to ask for itself.
        if phrasings.is_empty() && !self.question.is_empty() {
            phrasings.push(self.question.clone());
        }
        Ok(Entry {
            id,
            question: self.question.clone(),
            label: self.label.clone(),
            section: self.section.clone(),
            answer: self.answer.clone(),
            related: related.collect::<Result<_, _>>()?,
            phrasings,
            picture: self.picture.clone(),
        })
    }

    /// The fields, for a form that sends them again.
    pub fn carried(&self) -> Vec<(&'static str, String)> {
        vec![
            ("id", self.id.clone()),
            ("question", self.question.clone()),
            ("label", self.label.clone()),
            ("answer", self.answer.clone()),
            ("related", self.related.join("\n")),
            ("phrasings", self.phrasings.join("\n")),
            ("seen", self.seen.clone()),
            ("cluster", self.cluster.clone()),
        ]
    }

    /// How many messages the answer is on Messenger.
    pub fn messages(&self) -> usize {
        self.messenger().len()
    }

    fn messenger(&self) -> Vec<String> {
        plain_pieces(&self.answer, Limit::new(MESSENGER_CHARS, Unit::Chars))
    }

    /// What the form says, to read.
    pub fn told(&self, tongue: Tongue) -> Markup {
        html! {
            dl.facts {
                dt { (say::QUESTION.of(tongue)) } dd { (self.question) }
                dt { (say::LABEL.of(tongue)) } dd { (self.label) }
                dt { (say::ANSWER.of(tongue)) } dd { (PreEscaped(page_html(&self.answer))) }
                dt { (say::RELATED.of(tongue)) } dd { (self.related.join(", ")) }
                dt { (say::PHRASINGS.of(tongue)) } dd { (self.phrasings.join(" · ")) }
            }
        }
    }

    /// The form, which posts to `action`, and the previews. `has_folder` where it can also be written into the content's folder.
    pub fn form(&self, visitor: &Visitor, action: &str, has_folder: bool) -> Markup {
        let tongue = visitor.tongue;
        let is_new = self.seen.is_empty();
        html! {
            @if visitor.edits() {
                form.stack method="post" action=(action) {
                    input type="hidden" name="seen" value=(self.seen);
                    input type="hidden" name="cluster" value=(self.cluster);
                    label { span { (say::QUESTION.of(tongue)) } input name="question" value=(self.question) required; }
                    label {
                        span { (say::label_of(LABEL_CHARS, tongue)) }
                        input name="label" value=(self.label) maxlength=(LABEL_CHARS) required;
                    }
                    label { span { (say::answer_of(ANSWER_CHARS, tongue)) } textarea name="answer" required { (self.answer) } }
                    label {
                        span { (say::PHRASINGS.of(tongue)) }
                        textarea name="phrasings" { (self.phrasings.join("\n")) }
                    }
                    label {
                        span { (say::RELATED.of(tongue)) }
                        textarea.short name="related" { (self.related.join("\n")) }
                    }
                    @if is_new {
                        label { span { (say::ID.of(tongue)) } input name="id" value=(self.id) pattern="[a-z0-9\\-]*"; }
                    }
                    div.actions {
                        // The first button is what Enter presses.
                        button.primary name="save" value="store" { (say::SAVE.of(tongue)) }
                        button name="preview" value="1" formnovalidate { (say::PREVIEW.of(tongue)) }
                        @if has_folder && self.cluster.is_empty() { button name="save" value="folder" { (say::SAVE_IN_FOLDER.of(tongue)) } }
                    }
                    p.hint { (say::SAVE_HINT.of(tongue)) }
                }
            } @else { (self.told(tongue)) }
            @if !self.answer.is_empty() { (self.previews(tongue)) }
        }
    }

    fn previews(&self, tongue: Tongue) -> Markup {
        html! {
            h2 { (say::PREVIEW.of(tongue)) }
            div.columns {
                section.card { h3 { (say::ON_THE_PAGE.of(tongue)) } (PreEscaped(page_html(&self.answer))) (self.buttons()) }
                section.card {
                    h3 { "Telegram" }
                    @for piece in telegram_html(&self.answer, Limit::TELEGRAM) { div.bubble { (PreEscaped(piece)) } }
                    (self.buttons())
                }
                section.card {
                    h3 { "Messenger" }
                    @for piece in self.messenger() { div.bubble { (piece) } }
                    (self.buttons())
                }
            }
        }
    }

    fn buttons(&self) -> Markup {
        html! {
            p.meta { @for id in &self.related { span.badge { (id) } " " } }
        }
    }
}
