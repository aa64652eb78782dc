//! Unanswered questions: the list of them, and a question with the entries that it may belong to.

use std::sync::Arc;

use super::button::{EntryHash, LessonAct};
use super::session::{Session, Sessions, key};
use crate::channel::telegram::group::settings::{self, Settings};
use crate::channel::telegram::identity::{group, scope};
use crate::channel::telegram::keyboard::{Screen, neighbours, pages};
use crate::channel::telegram::resources::Resources;
use crate::id::EntryId;
use crate::learning::phrasing_of;
use crate::reply::pager::Page;
use crate::responder::Responder;
use crate::store::{ClusterState, Clusters, Scope, Store};
use crate::view::View;

/// Entries that are offered at once.
const NEAREST: usize = 3;

/// Entries on a page of all.
const PAGE_SIZE: usize = 8;

/// Shows unanswered questions to those who may teach.
pub struct Unanswered {
    store: Store,
    settings: Arc<Settings>,
    responder: Arc<Responder>,
    sessions: Arc<Sessions>,
}

impl Unanswered {
    /// Keeps in `sessions` what its buttons are about.
    pub fn new(of: &Resources, sessions: Arc<Sessions>) -> Self {
        let Resources { responder, settings, store, .. } = of.clone();
        Self { store, settings, responder, sessions }
    }

    /// The question at `position` of the list: of a group, or, where that is none, of all.
    pub async fn listed(&self, chat: Option<i64>, position: u32, person: i64) -> Screen {
        let say = self.responder.wording();
        let scope = chat.map_or(Scope::Base, scope);
        let within = chat.map(|_| &scope);
        // One more tells whether there is a next one.
        let which = Clusters { state: ClusterState::Open, scope: within, limit: 2, skip: position };
        let Ok(clusters) = self.store.clusters(&which).await else {
            return (say.not_now().to_owned(), Vec::new());
        };
        let Some(cluster) = clusters.first() else {
            let is_kept = chat.is_none() || self.settings.of(&scope).is_on(&settings::UNANSWERED);
            let line = if is_kept { say.nothing_unanswered() } else { say.unanswered_not_kept() };
            return (line.to_owned(), Vec::new());
        };
        let session = Session {
            chat,
            listed: Some(position),
            cluster: Some(cluster.id.0),
            text: cluster.text.clone(),
            ..Session::default()
        };
        let title = say.unanswered_question(&cluster.text, cluster.asked);
        self.question(session, &title, clusters.len() > 1, person).await
    }

    /// A question with the entries that it may belong to. `has_next` where another one follows in the list.
    pub async fn question(&self, session: Session, title: &str, has_next: bool, person: i64) -> Screen {
        let say = self.responder.wording();
        let view = self.view(session.chat).await;
        let ranking = view.find(&phrasing_of(&session.text), None);
        let listed = session.listed;
        let token = self.sessions.keep(session, person).await;
        let mut rows = Vec::new();
        for candidate in ranking.candidates.iter().take(NEAREST) {
            if let Some(entry) = view.entry(&candidate.entry) {
                let label = say.belongs_to(&entry.question);
                rows.push(vec![key(&label, token, LessonAct::BelongsTo(EntryHash::of(&entry.id)))]);
            }
        }
        rows.push(vec![
            key(say.other_entry(), token, LessonAct::AllEntries(0)),
            key(say.new_question_button(), token, LessonAct::NewQuestion),
        ]);
        let mut last = vec![key(say.ignore(), token, LessonAct::Ignore)];
        if listed.is_none() {
            rows.push(vec![key(say.as_answer(), token, LessonAct::AsAnswer)]);
            last.push(key(say.cancel(), token, LessonAct::Cancel));
        }
        rows.push(last);
        let before = listed.and_then(|position| position.checked_sub(1));
        let after = listed.filter(|_| has_next).map(|position| position + 1);
        rows.extend(neighbours(&say, before, after, |label, position| {
            key(label, token, LessonAct::Unanswered(position))
        }));
        (title.to_owned(), rows)
    }

    /// A page of all entries that a question may belong to.
    pub async fn all_entries(&self, session: &Session, token: u64, number: usize) -> Screen {
        let say = self.responder.wording();
        let view = self.view(session.chat).await;
        let page = Page::of(view.entries(), number, PAGE_SIZE);
        let mut rows: Vec<Vec<_>> = (page.items.iter())
            .map(|entry| vec![key(&entry.question, token, LessonAct::BelongsTo(EntryHash::of(&entry.id)))])
            .collect();
        rows.extend(pages(&say, &page, |label, page| key(label, token, LessonAct::AllEntries(page))));
        (say.which_entry().to_owned(), rows)
    }

    /// The entry that a button stands for.
    pub async fn entry(&self, session: &Session, hash: EntryHash) -> Option<EntryId> {
        let view = self.view(session.chat).await;
        view.entries().find(|entry| EntryHash::of(&entry.id) == hash).map(|entry| entry.id.clone())
    }

    /// The content as this group sees it, or as all do.
    async fn view(&self, chat: Option<i64>) -> View {
        self.responder.view(chat.map(group).as_ref()).await
    }
}
