//! One step of a conversation: what was said before, the message and its ranking in; what is remembered and the
//! reply out.

use serde::{Deserialize, Serialize};

use crate::faq::{Entry, EntryId, GREETING};
use crate::matcher::{Candidate, Ranking};
use crate::message::{Content, Message, Payload, Place};
use crate::reply::links::{Contact, Links};
use crate::reply::{Action, Button, Outcome, Reply};
use crate::text::normalize::normalize;
use crate::view::View;
use crate::wording::Wording;

/// How long a follow-up may lean on the entry before it, in seconds.
const FOLLOW_UP_TTL: i64 = 10 * 60;

/// Related questions below an answer.
const MAX_RELATED: usize = 2;

/// Topics offered below a fallback and a greeting.
const MAX_OFFERED: usize = 3;

/// The same in a group, where the buttons push aside what people say.
const MAX_OFFERED_IN_GROUP: usize = 2;

/// A greeting that is returned in its own words.
const SALAM: [&str; 4] = ["সালাম", "ছালাম", "salam", "slm"];

/// What is remembered of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The entry that was answered last, and when, in Unix seconds.
    last: Option<(EntryId, i64)>,
    /// The candidates of the last ranking, for the reply to 👎.
    near: Vec<EntryId>,
}

impl State {
    /// The entry that was answered just before, which a follow-up may lean on.
    pub fn after(&self, now: i64) -> Option<&EntryId> {
        self.last.as_ref().filter(|(_, since)| now - since <= FOLLOW_UP_TTL).map(|(entry, _)| entry)
    }

    fn answered(entries: &[EntryId], ranking: &Ranking, now: i64) -> Self {
        Self {
            last: entries.last().map(|entry| (entry.clone(), now)),
            near: ranking.candidates.iter().map(|candidate| candidate.entry.clone()).collect(),
        }
    }
}

/// The reply to `message`, and what is remembered of it. `view` is what its group sees; `now` is in Unix seconds.
pub fn step(
    state: &State,
    message: &Message,
    ranking: &Ranking,
    view: &View,
    links: &Links,
    now: i64,
) -> (State, Reply) {
    let speak = Speaker { view, links, in_group: message.place != Place::Private };
    match &message.content {
        Content::Unreadable if message.place == Place::Overheard => (state.clone(), Reply::silent()),
        Content::Unreadable => (state.clone(), speak.fallback(view.wording().text_only(), None)),
        Content::Press(payload) => speak.press(state, payload, now),
        Content::Text(text) => {
            let reply = match view.decide(ranking, message.place) {
                Outcome::Fallback(_) if ranking.is_bare => speak.ask_back(state.after(now)),
                Outcome::Answer(entries) => speak.answer(&entries),
                Outcome::Suggest(entries) => speak.suggest(&entries),
                Outcome::Handoff => speak.handoff(),
                Outcome::Distress => speak.distress(),
                Outcome::Smalltalk(kind) => speak.smalltalk(kind, text),
                Outcome::Fallback(topic) => speak.not_in_guide(topic, ranking),
                Outcome::Silent => Reply::silent(),
            };
            let state = match &reply.outcome {
                Outcome::Answer(entries) => State::answered(entries, ranking, now),
                _ => state.clone(),
            };
            (state, reply)
        }
    }
}

/// Puts replies together.
struct Speaker<'a> {
    view: &'a View,
    links: &'a Links,
    in_group: bool,
}

impl Speaker<'_> {
    fn say(&self) -> &Wording {
        self.view.wording()
    }

    fn press(&self, state: &State, payload: &Payload, now: i64) -> (State, Reply) {
        let same = |reply| (state.clone(), reply);
        match payload {
            Payload::Entry(id) | Payload::Feedback { entry: id, .. } if self.view.entry(id).is_none() => {
                same(self.fallback(self.say().entry_gone(), None))
            }
            Payload::Entry(id) => {
                let entries = vec![id.clone()];
                (State::answered(&entries, &Ranking::default(), now), self.answer(&entries))
            }
            Payload::Feedback { helpful: true, .. } => same(Reply {
                outcome: Outcome::Smalltalk(None),
                text: self.say().thanks_helpful().to_owned(),
                buttons: Vec::new(),
            }),
            Payload::Feedback { entry, helpful: false } => {
                let mut near: Vec<_> = state.near.iter().filter(|id| *id != entry).cloned().collect();
                if near.is_empty() {
                    near = self.view.entry(entry).map(|entry| entry.related.clone()).unwrap_or_default();
                }
                same(self.fallback_offering(self.say().thanks_unhelpful(), &near, Some(entry)))
            }
            Payload::NoneOfThese => same(self.fallback(self.say().none_meant(), None)),
            Payload::Topics => same(self.topics()),
        }
    }

    fn answer(&self, ids: &[EntryId]) -> Reply {
        let entries: Vec<&Entry> = ids.iter().filter_map(|id| self.view.entry(id)).collect();
        let text = match entries.as_slice() {
            [only] => only.answer.clone(),
            several => several
                .iter()
                .map(|entry| format!("*{}*\n{}", entry.question, entry.answer))
                .collect::<Vec<_>>()
                .join("\n\n"),
        };
        let mut buttons = Vec::new();
        // The article has no part about a group's own entry.
        for entry in entries.iter().filter(|entry| self.view.is_in_guide(&entry.id)) {
            let label = match entries.len() {
                1 => self.say().read_on().to_owned(),
                _ => format!("{}: {}", self.say().read_on(), entry.label),
            };
            buttons.push(Button { label, action: Action::Open(self.links.section(entry)) });
        }
        if let Some(entry) = entries.first() {
            for (label, helpful) in [(self.say().helpful(), true), (self.say().unhelpful(), false)] {
                buttons.push(press(label, Payload::Feedback { entry: entry.id.clone(), helpful }));
            }
        }
        let related = entries.iter().flat_map(|entry| &entry.related).filter(|id| !ids.contains(id));
        buttons.extend(self.labels(related.take(MAX_RELATED)));
        Reply { outcome: Outcome::Answer(ids.to_vec()), text, buttons }
    }

    /// A message that says nothing by itself ("তারপর?"): what is related to the answer before it, or a question back.
    fn ask_back(&self, after: Option<&EntryId>) -> Reply {
        let related =
            after.and_then(|id| self.view.entry(id)).map_or(&[] as &[EntryId], |entry| &entry.related);
        let related: Vec<EntryId> =
            related.iter().filter(|id| self.view.entry(id).is_some()).take(MAX_OFFERED).cloned().collect();
        if related.len() >= 2 {
            return Reply { text: self.say().more_about().to_owned(), ..self.suggest(&related) };
        }
        Reply {
            outcome: Outcome::Smalltalk(None),
            text: self.say().say_more().to_owned(),
            buttons: Vec::new(),
        }
    }

    fn suggest(&self, ids: &[EntryId]) -> Reply {
        let mut buttons: Vec<Button> = ids
            .iter()
            .filter_map(|id| self.view.entry(id))
            .map(|entry| press(&entry.question, Payload::Entry(entry.id.clone())))
            .collect();
        buttons.push(press(self.say().none_of_these(), Payload::NoneOfThese));
        Reply { outcome: Outcome::Suggest(ids.to_vec()), text: self.say().did_you_mean().to_owned(), buttons }
    }

    fn handoff(&self) -> Reply {
        let contact = self.links.contact();
        let own = self.view.handoff().map(|handoff| match contact {
            Some(_) => handoff.reply.clone(),
            None => handoff.reply_without_contact.clone(),
        });
        let mut reply =
            Reply { outcome: Outcome::Handoff, text: own.unwrap_or_default(), buttons: Vec::new() };
        match contact {
            Some(Contact::Page(address)) => reply.buttons.push(Button {
                label: self.say().talk_to_a_person().to_owned(),
                action: Action::Open(address.clone()),
            }),
            // No platform lets a button write a mail.
            Some(Contact::Mail(address)) => {
                reply.text = format!("{}\n{}", reply.text, self.say().mail_address(address));
            }
            None => {}
        }
        reply
    }

    /// Nothing of the guide, and no buttons: the help lines are what is to be seen.
    fn distress(&self) -> Reply {
        let text = self.view.distress().map(|distress| {
            let lines = distress.lines.iter().map(|line| format!("- {}: *{}*", line.name, line.number));
            std::iter::once(distress.reply.clone()).chain(lines).collect::<Vec<_>>().join("\n")
        });
        Reply { outcome: Outcome::Distress, text: text.unwrap_or_default(), buttons: Vec::new() }
    }

    fn smalltalk(&self, kind: Option<EntryId>, said: &str) -> Reply {
        let reply = kind.as_ref().and_then(|kind| self.view.smalltalk(kind));
        let mut text = reply.map(|smalltalk| smalltalk.reply.clone()).unwrap_or_default();
        let mut buttons = Vec::new();
        if kind.as_ref().is_some_and(|kind| kind.as_str() == GREETING) {
            let said = normalize(said);
            if SALAM.iter().any(|salam| said.contains(salam)) {
                text = format!("{} {text}", self.say().salam());
            }
            text = format!("{text}\n\n{}", self.say().for_example());
            for entry in self.view.popular().take(MAX_OFFERED) {
                text.push_str("\n- ");
                text.push_str(&entry.question);
                buttons.push(press(&entry.label, Payload::Entry(entry.id.clone())));
            }
            buttons.push(press(self.say().all_topics(), Payload::Topics));
        }
        Reply { outcome: Outcome::Smalltalk(kind), text, buttons }
    }

    fn not_in_guide(&self, topic: Option<EntryId>, ranking: &Ranking) -> Reply {
        let own = topic.as_ref().and_then(|id| self.view.topic(id)?.reply.as_deref());
        let reply = match own {
            Some(own) => self.fallback(own, Some(ranking)),
            None => self.fallback(self.say().not_in_guide(), Some(ranking)),
        };
        Reply { outcome: Outcome::Fallback(topic), ..reply }
    }

    /// `line`, the article's link, and the best topics: the nearest entries first, then the group's own and the guide's
    /// popular ones.
    fn fallback(&self, line: &str, ranking: Option<&Ranking>) -> Reply {
        let near: Vec<EntryId> = ranking
            .map(|ranking| ranking.near().map(|Candidate { entry, .. }| entry.clone()).collect())
            .unwrap_or_default();
        self.fallback_offering(line, &near, None)
    }

    /// The same, offering those `near` first, and not the one that was `refused`.
    fn fallback_offering(&self, line: &str, near: &[EntryId], refused: Option<&EntryId>) -> Reply {
        let mut offered: Vec<&EntryId> = Vec::new();
        let most = if self.in_group { MAX_OFFERED_IN_GROUP } else { MAX_OFFERED };
        let own = self.view.own().iter().map(|entry| &entry.id);
        for id in near.iter().chain(own).chain(&self.view.guide().popular) {
            if offered.len() < most
                && !offered.contains(&id)
                && refused != Some(id)
                && self.view.entry(id).is_some()
            {
                offered.push(id);
            }
        }
        let article = self.links.article();
        let mut buttons = vec![Button {
            label: self.say().full_article().to_owned(),
            action: Action::Open(article.to_owned()),
        }];
        buttons.extend(self.labels(offered.into_iter()));
        buttons.push(press(self.say().all_topics(), Payload::Topics));
        let text = if self.in_group {
            line.to_owned()
        } else {
            format!("{line}\n{} {article}", self.say().article_is_here())
        };
        Reply { outcome: Outcome::Fallback(None), text, buttons }
    }

    fn topics(&self) -> Reply {
        Reply {
            outcome: Outcome::Smalltalk(None),
            text: self.say().topics().to_owned(),
            buttons: self.labels(self.view.entries().map(|entry| &entry.id)).collect(),
        }
    }

    fn labels<'id>(&self, ids: impl Iterator<Item = &'id EntryId>) -> impl Iterator<Item = Button> {
        ids.filter_map(|id| self.view.entry(id))
            .map(|entry| press(&entry.label, Payload::Entry(entry.id.clone())))
    }
}

fn press(label: &str, payload: Payload) -> Button {
    Button { label: label.to_owned(), action: Action::Press(payload) }
}

#[cfg(test)]
mod tests {
    use super::State;
    use crate::matcher::Ranking;

    #[test]
    fn a_follow_up_leans_on_the_last_answer_for_ten_minutes() {
        let entry = "mobile".parse().unwrap_or_else(|_| unreachable!());
        let state = State::answered(std::slice::from_ref(&entry), &Ranking::default(), 1_000);
        assert_eq!(state.after(1_600), Some(&entry));
        assert_eq!(state.after(1_601), None);
        assert_eq!(State::default().after(1_000), None);
    }
}
