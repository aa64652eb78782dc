//! `/log`: what was taught in a group, or for all, by whom and when, the newest first, each with a button that takes it
//! back; and which settings of the group were changed last.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};
use time::{OffsetDateTime, UtcOffset};

use super::button::LessonAct;
use super::lessons::{Lessons, line};
use super::session::{Session, Sessions, key};
use crate::channel::telegram::client::api::Api;
use crate::channel::telegram::group::settings::CHOICES;
use crate::channel::telegram::identity::author;
use crate::channel::telegram::keyboard::{Screen, neighbours};
use crate::channel::telegram::resources::Resources;
use crate::store::{Scope, SettingChange, Store};
use crate::wording::Wording;

/// Teachings on a page.
const PAGE_SIZE: u32 = 8;

/// So many changes of settings are shown.
const SETTINGS: u32 = 5;

/// Lists what was taught and undone.
pub struct Log {
    api: Arc<Api>,
    store: Store,
    operators: Vec<u64>,
    lessons: Arc<Lessons>,
    sessions: Arc<Sessions>,
}

impl Log {
    /// Reads the store; its buttons undo through `lessons`.
    pub fn new(of: &Resources, lessons: Arc<Lessons>, sessions: Arc<Sessions>) -> Self {
        let Resources { api, store, operators, .. } = of.clone();
        Self { api, store, operators, lessons, sessions }
    }

    /// The page `number`, from 0, for this person: of a group, or, where that is none, of what holds for all.
    pub async fn page(&self, chat: Option<i64>, number: u32, person: i64) -> Screen {
        let say = self.lessons.wording();
        let session = Session { chat, ..Session::default() };
        let scope = session.scope();
        let first = number.saturating_mul(PAGE_SIZE);
        // One more tells whether there is a next page.
        let read = self.store.teachings(Some(&scope), None, first.saturating_add(PAGE_SIZE + 1)).await;
        let Ok(teachings) = read else { return (say.not_now().to_owned(), Vec::new()) };
        let has_next = teachings.len() > (first + PAGE_SIZE) as usize;
        let teachings: Vec<_> = teachings.into_iter().skip(first as usize).take(PAGE_SIZE as usize).collect();
        let view = self.lessons.view(&scope).await;
        let offset = view.guide().utc_offset;
        let names = self.names(chat).await;
        let name = |author: &str| names.get(author).map_or(say.somebody(), String::as_str).to_owned();
        let settings =
            if number == 0 { self.settings(&say, &scope, offset, name).await } else { String::new() };
        if teachings.is_empty() {
            return (format!("{}{settings}", say.nothing_taught()), Vec::new());
        }
        let token = self.sessions.keep(session, person).await;
        let mut text = say.teaching_log().to_owned();
        let mut rows = Vec::new();
        for (at, teaching) in (first + 1..).zip(&teachings) {
            let label = say.number(at);
            let what = line(&view, &teaching.lesson);
            let entry =
                format!("{label}. {}, {}\n{what}", when(&say, teaching.at, offset), name(&teaching.author));
            text.extend(["\n\n", entry.as_str()]);
            if let Some(undone) = &teaching.undone {
                let entry = say.logged_undone(&when(&say, undone.at, offset), &name(&undone.author));
                text.extend(["\n", entry.as_str()]);
            } else {
                let act = LessonAct::TakeBack { teaching: teaching.id.0, page: number as usize };
                rows.push(vec![key(&format!("↩️ {label}"), token, act)]);
            }
        }
        text.push_str(&settings);
        let after = has_next.then_some(number + 1);
        rows.extend(neighbours(&say, number.checked_sub(1), after, |label, page| {
            key(label, token, LessonAct::Log(page as usize))
        }));
        (text, rows)
    }

    /// The last changes of the settings that the menu shows, below what was taught; empty where there are none.
    async fn settings(
        &self,
        say: &Wording,
        scope: &Scope,
        offset: i32,
        name: impl Fn(&str) -> String,
    ) -> String {
        let changes = self.store.settings_history(scope, SETTINGS).await.unwrap_or_else(|error| {
            tracing::info!("a group's changed settings could not be read: {error}");
            Vec::new()
        });
        let line = |change: &SettingChange| {
            let choice = CHOICES.iter().find(|choice| choice.name == change.name)?;
            let value = |value: &Option<String>| {
                say.setting_value(choice.name, value.as_deref().unwrap_or(choice.default))
            };
            let (at, who) = (when(say, change.at, offset), name(&change.author));
            let (setting, old, new) = (say.setting_name(choice.name), value(&change.old), value(&change.new));
            Some(format!("{at}, {who}\n{setting}: {old} → {new}"))
        };
        let lines: Vec<String> = changes.iter().filter_map(line).collect();
        if lines.is_empty() {
            return String::new();
        }
        format!("\n\n{}\n\n{}", say.settings_log(), lines.join("\n\n"))
    }

    /// The names of those who may have taught: the store has only keyed hashes of them.
    async fn names(&self, chat: Option<i64>) -> HashMap<String, String> {
        let say = self.lessons.wording();
        let mut names = HashMap::from([("terminal".to_owned(), say.at_the_terminal().to_owned())]);
        let mut add = |id: i64, name: &str| {
            names.insert(author(&self.store, id).as_str().to_owned(), name.to_owned());
        };
        add(0, say.anonymous_admin());
        for operator in &self.operators {
            add(i64::try_from(*operator).unwrap_or(0), say.operator());
        }
        if let Some(chat) = chat {
            let about = json!({ "chat_id": chat });
            match self.api.call_named::<Vec<Value>>("GetChatAdministrators", &about).await {
                Ok(members) => {
                    for user in members.iter().map(|member| &member["user"]) {
                        if let (Some(id), Some(name)) = (user["id"].as_i64(), user["first_name"].as_str()) {
                            add(id, name);
                        }
                    }
                }
                Err(failure) => tracing::info!("a group's admins could not be fetched: {failure}"),
            }
        }
        names
    }
}

/// Day, month and time, `offset` minutes east of Greenwich.
fn when(say: &Wording, at: i64, offset: i32) -> String {
    let utc = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let there = UtcOffset::from_whole_seconds(offset * 60).map_or(utc, |offset| utc.to_offset(offset));
    let (day, month) = (there.day(), u8::from(there.month()));
    say.number(format!("{day}/{month}, {:02}:{:02}", there.hour(), there.minute()))
}

#[cfg(test)]
mod tests {
    use crate::wording::{Table, Wording};

    #[test]
    fn times_are_the_guides() {
        let say = |language| Wording::new(language, Table::new());
        assert_eq!(super::when(&say("bn"), 1_700_000_000, 360), "১৫/১১, ০৪:১৩");
        assert_eq!(super::when(&say("en"), 1_700_000_000, 0), "14/11, 22:13");
    }
}
