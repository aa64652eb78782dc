//! Lessons: teaching them, taking them back, and a group's own in a list.

use super::dialogue::Dialogue;
use super::session::{PAGE, Session, View, key, short};
use crate::channel::telegram::answer::Asked;
use crate::channel::telegram::group;
use crate::channel::telegram::group::settings;
use crate::channel::telegram::intake::update::{Incoming, Press};
use crate::channel::telegram::keyboard::turns;
use crate::channel::telegram::{Bot, now};
use crate::learning::{Objection, Proposal, Refusal};
use crate::reply::pager::Page;
use crate::reply::render::plain;
use crate::reply::wording;
use crate::store::{ClusterId, GroupId, Lesson, Scope, TeachingId, Undo};
use crate::text::normalize::{compose, normalize};
use crate::view;

/// Conflicts that are shown.
const CONFLICTS: usize = 3;

/// Characters of a question, and of an answer, in a list.
const LINE_CHARS: usize = 120;

impl Bot {
    /// `/mine`: what the group was taught for itself.
    pub async fn show_mine(&self, message: &Incoming, asked: &Asked) {
        if !self.is_from_admin(message).await {
            self.say(asked, wording::ADMINS_ONLY, Vec::new()).await;
            return;
        }
        let (text, rows) = self.mine(message.chat.id, 0, asked.asker).await;
        self.say(asked, &text, rows).await;
    }

    /// A page of them, from 0; the last one where there are not so many.
    pub async fn mine(&self, chat: i64, page: usize, person: i64) -> View {
        let scope = settings::scope(chat);
        let Ok(teachings) = self.store.teachings_of(&scope).await else {
            return (wording::NOT_NOW.to_owned(), Vec::new());
        };
        if teachings.is_empty() {
            return (wording::NOTHING_OF_OWN.to_owned(), Vec::new());
        }
        // The newest first: those are the ones that somebody wants to mend.
        let page = Page::of((1..).zip(teachings.iter().rev()), page, PAGE);
        let view = self.view_of(Some(chat)).await;
        let session = Session { chat: Some(chat), ..Session::default() };
        let token = self.keep_session(session, person).await;
        let mut text = wording::mine(page.number + 1, page.count);
        let mut rows = Vec::new();
        for (number, teaching) in &page.items {
            let line = line(&view, &teaching.lesson);
            let number = wording::bengali_number(*number);
            text.extend(["\n\n", number.as_str(), ". ", line.as_str()]);
            let which = format!("{}.{}", teaching.id.0, page.number);
            let mut row = vec![key(&format!("🗑 {number}"), token, "m", &which)];
            if matches!(teaching.lesson, Lesson::Entry(_)) {
                row.push(key(&format!("✏️ {number}"), token, "e", &which));
            }
            rows.push(row);
        }
        rows.extend(turns(&page, |label, number| key(label, token, "p", number)));
        (text, rows)
    }

    /// Teaches it, and shows what came of it.
    pub async fn teach(
        &self,
        token: u64,
        session: Session,
        lesson: Lesson,
        accepted: bool,
        person: i64,
    ) -> View {
        let clusters = session.cluster.map(ClusterId).into_iter().collect();
        let (scope, listed) = (session.scope(), session.listed);
        match self.learn(&scope, lesson.clone(), clusters, person, accepted).await {
            Ok(id) => {
                let what = self.told(&scope, &lesson).await;
                let token = self.keep_session(Session { taught: Some(id.0), ..session }, person).await;
                let mut rows = vec![vec![key(wording::UNDO, token, "u", "")]];
                if let Some(position) = listed {
                    // What was settled has left the list, and the next stands in its place.
                    rows.push(vec![key(wording::PAGE_AFTER, token, "v", position)]);
                }
                (what, rows)
            }
            Err(Refusal::Conflicts(conflicts)) => {
                let mut text = wording::WOULD_CHANGE.to_owned();
                for conflict in conflicts.iter().take(CONFLICTS) {
                    text.extend(["\n- «", conflict.phrasing.as_str(), "»"]);
                }
                let entry = match &lesson {
                    Lesson::Phrasing { entry, .. } => short(entry),
                    _ => String::new(),
                };
                let mut rows = vec![vec![key(wording::TEACH_ANYWAY, token, "y", entry)]];
                if let Some(position) = listed {
                    rows.push(vec![key(wording::CANCEL, token, "v", position)]);
                }
                (text, rows)
            }
            Err(refusal) => {
                let back = listed.map(|position| vec![key(wording::CANCEL, token, "v", position)]);
                (refused(&refusal).to_owned(), back.into_iter().collect())
            }
        }
    }

    /// Teaches a lesson, and has it in force when this returns.
    pub async fn learn(
        &self,
        scope: &Scope,
        lesson: Lesson,
        clusters: Vec<ClusterId>,
        person: i64,
        accepted: bool,
    ) -> Result<TeachingId, Refusal> {
        let away = || Refusal::Store(crate::store::Error::Away(String::new()));
        let learning = self.learning().ok_or_else(away)?;
        let author = self.author(person);
        let proposal = Proposal { scope: scope.clone(), lesson, clusters, author, accepted };
        let id = learning.teach(&proposal, now()).await?;
        // It is kept; where it cannot be read back at once, it comes into force a moment later.
        let _a_moment_later = learning.catch_up().await;
        Ok(id)
    }

    async fn told(&self, scope: &Scope, lesson: &Lesson) -> String {
        match lesson {
            Lesson::Phrasing { entry, text } => {
                let view = self.responder.view(in_group(scope)).await;
                wording::taught(text, view.entry(entry).map_or("", |entry| &entry.question))
            }
            Lesson::Entry(entry) => wording::taught_entry(&entry.question, &entry.answer),
            Lesson::CounterExample { text } | Lesson::Ignore { text } => wording::ignored(text),
        }
    }

    pub async fn untaught(&self, session: Session, person: i64) -> View {
        let (Some(id), Some(learning)) = (session.taught, self.learning()) else {
            return (wording::OLD_LESSON.to_owned(), Vec::new());
        };
        match learning.undo(TeachingId(id), &self.author(person), now()).await {
            Ok(Undo::Done | Undo::Already) => {
                let _a_moment_later = learning.catch_up().await;
                let has_next = session.listed.is_some();
                let title = wording::undone(&session.text);
                self.question(Session { taught: None, ..session }, &title, has_next, person).await
            }
            Ok(Undo::Unknown) => (wording::OLD_LESSON.to_owned(), Vec::new()),
            Err(_) => (wording::NOT_NOW.to_owned(), Vec::new()),
        }
    }

    /// Deletes or edits one of the group's own lessons.
    pub async fn on_mine(
        &self,
        press: &Press,
        message: &Incoming,
        session: &Session,
        verb: &str,
        argument: &str,
    ) {
        let asked = group::asked(message, 0);
        let Some((id, page)) = argument.split_once('.') else { return };
        let (Some(chat), Ok(id), Some(learning)) = (session.chat, id.parse(), self.learning()) else {
            return;
        };
        let id = TeachingId(id);
        let teaching = self.store.teaching(id).await.ok().flatten();
        // The number in a button may be made up.
        let Some(teaching) = teaching.filter(|teaching| teaching.scope == session.scope()) else { return };
        if verb == "e" {
            let Lesson::Entry(entry) = teaching.lesson else { return };
            let title = wording::edit_answer(&entry.question, &entry.answer);
            let dialogue = Dialogue::Edit { chat, teaching: id.0 };
            let person = self.speaks_as(message.chat.id, press.from.id).await;
            self.begin((message.chat.id, person), message.id, dialogue).await;
            self.say(&asked, &title, Vec::new()).await;
            return;
        }
        if learning.undo(id, &self.author(press.from.id), now()).await.is_ok() {
            let _a_moment_later = learning.catch_up().await;
        }
        let (text, rows) = self.mine(chat, page.parse().unwrap_or(0), press.from.id).await;
        self.change(&asked, message.id, &text, rows).await;
    }
}

/// A lesson in the list, so short that a page of them is one message.
fn line(view: &view::View, lesson: &Lesson) -> String {
    let shown = |text: &str| shortened(text, LINE_CHARS);
    match lesson {
        Lesson::Phrasing { entry, text } => {
            let name = view.entry(entry).map_or(entry.as_str(), |entry| &entry.question);
            format!("«{}» ➡️ {}", shown(text), shown(name))
        }
        Lesson::Entry(entry) => format!("«{}»\n{}", shown(&entry.question), shown(&plain(&entry.answer))),
        Lesson::CounterExample { text } | Lesson::Ignore { text } => wording::left_out(&shown(text)),
    }
}

fn in_group(scope: &Scope) -> Option<&GroupId> {
    match scope {
        Scope::Base => None,
        Scope::Group(group) => Some(group),
    }
}

/// The text in one line of so many characters at most, cut between words where it is longer.
pub fn shortened(text: &str, chars: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= chars {
        return line;
    }
    let cut: String = line.chars().take(chars.saturating_sub(1)).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{words}…")
}

/// The words of a turn in a dialogue, or what is said of a turn that cannot be taken.
///
/// # Errors
/// No words at all, too many of them, or, where `text` is none, something else than words.
pub fn said(text: Option<&str>, most: usize) -> Result<&str, String> {
    let text = text.ok_or(wording::WORDS_ONLY)?.trim();
    if normalize(text).is_empty() {
        return Err(wording::NO_WORDS.to_owned());
    }
    let chars = compose(text).chars().count();
    if chars > most {
        return Err(wording::too_long(chars, most));
    }
    Ok(text)
}

/// Why it was not taught, for the person who taught it.
pub fn refused(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Objection(Objection::Known(..)) => wording::KNOWN_ALREADY,
        Refusal::Objection(Objection::TooLong { .. }) => wording::TOO_LONG,
        Refusal::Objection(Objection::GroupFull) => wording::GROUP_FULL,
        Refusal::Objection(Objection::Empty(_)) => wording::NOTHING_TO_TEACH,
        Refusal::Objection(Objection::UnknownEntry(_) | Objection::Taken(_)) => wording::TOPIC_GONE,
        Refusal::Objection(Objection::Store(_)) | Refusal::Store(_) => wording::NOT_NOW,
        Refusal::Conflicts(_) => wording::WOULD_CHANGE,
    }
}
