//! A pressed button of a lesson.

use super::button::{LessonAct, LessonButton, Part};
use super::dialogue::Dialogue;
use super::draft::Draft;
use super::session::{Session, key};
use super::texts::{refused, words};
use super::{Teaching, line};
use crate::channel::telegram::intake::update::{ChatKind, Incoming, Press};
use crate::channel::telegram::keyboard::Screen;
use crate::channel::telegram::outbox::Asked;
use crate::id::EntryId;
use crate::learning::{PHRASING_CHARS, Refusal, phrasing_of};
use crate::message::Place;
use crate::store::{ClusterId, Lesson, TeachingId, Undo};

/// Conflicts that are shown.
const MAX_CONFLICTS: usize = 3;

impl Teaching {
    /// A button of a lesson was pressed.
    pub async fn on_press(&self, press: &Press, message: &Incoming, button: LessonButton) {
        let say = self.outbox.wording();
        let (token, person) = (button.session, press.from.id);
        let Some(session) = self.sessions.find(token).await else {
            return self.outbox.notice(&press.id, Some(say.old_lesson())).await;
        };
        if !self.lessons.may_teach(person, session.chat).await {
            return self.outbox.notice(&press.id, Some(say.admins_only())).await;
        }
        self.outbox.notice(&press.id, None).await;
        let shown = match button.act {
            LessonAct::BelongsTo(_) | LessonAct::Ignore | LessonAct::Confirm(_) => {
                self.teach(token, session, button.act, person).await
            }
            LessonAct::AllEntries(page) => self.unanswered.all_entries(&session, token, page).await,
            LessonAct::Unanswered(position) => self.unanswered.listed(session.chat, position, person).await,
            LessonAct::Undo => self.undo(session, person).await,
            LessonAct::NewQuestion => match self.new_question(session, person).await {
                Ok(draft) => {
                    let said = line(&say.new_question(draft.question()));
                    self.outbox.change(&below(message), message.id, &said.0, said.1).await;
                    return self.ask_below(message, person, Dialogue::Answer(draft)).await;
                }
                Err(screen) => screen,
            },
            LessonAct::AsAnswer => {
                let as_text = Draft { chat: session.chat, answer: session.text, ..Draft::default() };
                let draft = session.draft.unwrap_or(as_text);
                return self.ask_below(message, person, Dialogue::Question(draft)).await;
            }
            LessonAct::Cancel => line(say.cancelled()),
            LessonAct::Publish => match session.draft {
                Some(draft) => self.publish(&draft, person).await,
                None => line(say.old_lesson()),
            },
            LessonAct::Add => {
                let draft = Draft { chat: session.chat, ..Draft::default() };
                return self.ask_below(message, person, Dialogue::Question(draft)).await;
            }
            LessonAct::Log(page) => {
                self.log.page(session.chat, u32::try_from(page).unwrap_or(0), person).await
            }
            LessonAct::TakeBack { teaching, page } => {
                if self.own_lesson(&session, teaching).await.is_none() {
                    return;
                }
                if let Err(error) = self.lessons.undo(TeachingId(teaching), person).await {
                    tracing::warn!("a lesson could not be taken back: {error}");
                }
                self.log.page(session.chat, u32::try_from(page).unwrap_or(0), person).await
            }
            LessonAct::Copy => self.copies.groups(session, person).await,
            LessonAct::CopyTo(chat) => self.copies.copy(&session, chat, person).await,
            LessonAct::Own(_) if session.mine.is_empty() => self.own.first_page(session.chat, person).await,
            LessonAct::Own(page) => self.own.page(session, page, person).await,
            LessonAct::Open { teaching, page } => {
                match self.own.opened(&session, token, teaching, page).await {
                    Some(screen) => screen,
                    None => self.own.page(session, page, person).await,
                }
            }
            LessonAct::Edit(part, teaching) => {
                return self.edit(message, &session, teaching, part, person).await;
            }
            LessonAct::NoPicture { teaching, page } => {
                match self.lessons.entry_now(&session.scope(), teaching).await {
                    Some((TeachingId(id), entry)) => {
                        let draft = Draft { picture: None, ..Draft::of(session.chat, id, entry) };
                        self.publish(&draft, person).await
                    }
                    None => self.own.page(session, page, person).await,
                }
            }
            LessonAct::Remove { teaching, page } | LessonAct::Restore { teaching, page } => {
                if self.own_lesson(&session, teaching).await.is_none() {
                    return;
                }
                let done = if matches!(button.act, LessonAct::Remove { .. }) {
                    self.lessons.remove(TeachingId(teaching), person).await
                } else {
                    self.lessons.restore(TeachingId(teaching)).await
                };
                if let Err(error) = done {
                    tracing::warn!("a lesson could not be removed or brought back: {error}");
                }
                self.own.page(session, page, person).await
            }
        };
        self.outbox.change(&below(message), message.id, &shown.0, shown.1).await;
    }

    async fn publish(&self, draft: &Draft, person: i64) -> Screen {
        self.drafts
            .publish(draft, person)
            .await
            .unwrap_or_else(|refusal| line(refused(&self.outbox.wording(), &refusal)))
    }

    /// Teaches what a button says, and shows what came of it.
    async fn teach(&self, token: u64, session: Session, act: LessonAct, person: i64) -> Screen {
        let say = self.outbox.wording();
        let (hash, accepted) = match act {
            LessonAct::BelongsTo(hash) => (Some(hash), false),
            LessonAct::Confirm(hash) => (hash, true),
            _ => (None, false),
        };
        let text = phrasing_of(&session.text);
        let lesson = match hash {
            Some(hash) => match self.unanswered.entry(&session, hash).await {
                Some(entry) => Lesson::Phrasing { entry, text },
                None => return line(say.topic_gone()),
            },
            None if text.is_empty() => Lesson::Ignore { text: session.text.clone() },
            None => Lesson::CounterExample { text },
        };
        let clusters = session.cluster.map(ClusterId).into_iter().collect();
        let (scope, listed) = (session.scope(), session.listed);
        let to_list = |label| listed.map(|position| vec![key(label, token, LessonAct::Unanswered(position))]);
        match self.lessons.teach(&scope, lesson.clone(), clusters, person, accepted).await {
            Ok(id) => {
                let told = self.lessons.told(&scope, &lesson).await;
                let token = self.sessions.keep(Session { taught: Some(id.0), ..session }, person).await;
                let mut rows = vec![vec![key(say.undo(), token, LessonAct::Undo)]];
                // What was settled has left the list, and the next stands at its position.
                rows.extend(
                    listed
                        .map(|position| vec![key(say.page_after(), token, LessonAct::Unanswered(position))]),
                );
                (told, rows)
            }
            Err(Refusal::Conflicts(conflicts)) => {
                let view = self.lessons.view(&scope).await;
                let name = |id: &Option<EntryId>| {
                    id.as_ref()
                        .map(|id| view.entry(id).map_or(id.as_str(), |entry| &entry.question).to_owned())
                };
                let mut text = say.lesson_would_change().to_owned();
                for conflict in conflicts.iter().take(MAX_CONFLICTS) {
                    let (before, after) = (name(&conflict.own), name(&conflict.after));
                    text.push_str(&say.would_change(&conflict.phrasing, before.as_deref(), after.as_deref()));
                }
                let mut rows = vec![vec![key(say.teach_anyway(), token, LessonAct::Confirm(hash))]];
                rows.push(
                    to_list(say.cancel())
                        .unwrap_or_else(|| vec![key(say.cancel(), token, LessonAct::Cancel)]),
                );
                (text, rows)
            }
            Err(refusal) => (refused(&say, &refusal).to_owned(), to_list(say.cancel()).into_iter().collect()),
        }
    }

    async fn undo(&self, session: Session, person: i64) -> Screen {
        let say = self.outbox.wording();
        let Some(id) = session.taught.map(TeachingId) else { return line(say.old_lesson()) };
        let replaces = self.lessons.find(id).await.and_then(|taught| taught.replaces);
        match self.lessons.undo(id, person).await {
            Ok(Undo::Done | Undo::Already) if replaces.is_some() => line(say.as_before()),
            Ok(Undo::Done | Undo::Already) => {
                let has_next = session.listed.is_some();
                let title = say.undone(&session.text);
                self.unanswered.question(Session { taught: None, ..session }, &title, has_next, person).await
            }
            Ok(Undo::Unknown) => line(say.old_lesson()),
            Err(_) => line(say.not_now()),
        }
    }

    /// The draft of a question that the guide does not have; what is shown where it cannot become one.
    async fn new_question(&self, session: Session, person: i64) -> Result<Draft, Screen> {
        let say = self.outbox.wording();
        // Placeholders are no words of a question.
        let question =
            if session.text.contains('[') { phrasing_of(&session.text) } else { session.text.clone() };
        if words(&say, Some(&question), PHRASING_CHARS).is_err() {
            let has_next = session.listed.is_some();
            let title = say.no_new_question(&session.text, PHRASING_CHARS);
            return Err(self.unanswered.question(session, &title, has_next, person).await);
        }
        let Session { chat, cluster, listed, .. } = session;
        Ok(Draft { chat, wordings: vec![question], cluster, listed, ..Draft::default() })
    }

    /// Asks for a change of one of the own entries.
    async fn edit(&self, message: &Incoming, session: &Session, teaching: i64, part: Part, person: i64) {
        let Some(Lesson::Entry(_)) = self.own_lesson(session, teaching).await else { return };
        let next = Dialogue::Edit { chat: session.chat, teaching, part };
        self.ask_below(message, person, next).await;
    }

    /// Asks whoever pressed a button of `message` for the next step, in reply to the command that had led there.
    async fn ask_below(&self, message: &Incoming, person: i64, next: Dialogue) {
        let speaker = self.admins.speaks_as(message.chat.id, person).await;
        let command = message.reply_to.as_deref().filter(|command| command.speaker() == Some(person));
        let mut asked = Asked { asker: speaker, ..below(message) };
        if asked.place != Place::Private {
            asked.target.reply_to = command.map(|command| command.id);
        }
        self.dialogues.begin(&asked, message.id, next).await;
    }

    /// The lesson with this id, where it is one of the session's scope; the id in a button may be forged.
    async fn own_lesson(&self, session: &Session, teaching: i64) -> Option<Lesson> {
        let teaching = self.lessons.find(TeachingId(teaching)).await?;
        (teaching.scope == session.scope()).then_some(teaching.lesson)
    }
}

/// What is said where a button of `message` was pressed.
fn below(message: &Incoming) -> Asked {
    let asked = Asked::in_group(message, 0);
    if message.chat.kind == ChatKind::Private { Asked { place: Place::Private, ..asked } } else { asked }
}
