//! Unanswered questions: the list of them, and a question with the entries that it may belong to.

use std::sync::Arc;

use super::button::{EntryHash, LessonAct};
use super::session::{Session, Sessions, key};
use crate::channel::telegram::group::settings::{self, Settings};
use crate::channel::telegram::identity::{group, scope};
use crate::channel::telegram::keyboard::{Page, Screen, neighbours};
use crate::channel::telegram::resources::Resources;
use crate::id::EntryId;
use crate::learning::phrasing_of;
use crate::library::Library;
use crate::reply::wording;
use crate::responder::Responder;
use crate::store::{ClusterState, Clusters, Scope, Store};

/// Entries that are offered at once.
const NEAREST: usize = 3;

/// Entries on a page of all.
const PAGE_SIZE: usize = 8;

/// Shows unanswered questions to those who may teach.
pub struct Unanswered {
    store: Store,
    settings: Arc<Settings>,
    responder: Arc<Responder>,
    library: Arc<Library>,
    sessions: Arc<Sessions>,
}

impl Unanswered {
    /// Keeps in `sessions` what its buttons are about.
    pub fn new(of: &Resources, sessions: Arc<Sessions>) -> Self {
        Self {
            store: of.store.clone(),
            settings: Arc::clone(&of.settings),
            responder: Arc::clone(&of.responder),
            library: Arc::clone(&of.library),
            sessions,
        }
    }

    /// The question at `position` of the list: of a group, or, where that is none, of all.
    pub async fn listed(&self, chat: Option<i64>, position: u32, person: i64) -> Screen {
        let scope = chat.map_or(Scope::Base, scope);
        let within = chat.map(|_| &scope);
        // One more tells whether there is a next one.
        let which = Clusters { state: ClusterState::Open, scope: within, limit: 2, skip: position };
        let Ok(clusters) = self.store.clusters(&which).await else {
            return (wording::NOT_NOW.to_owned(), Vec::new());
        };
        let Some(cluster) = clusters.first() else {
            let is_kept = chat.is_none() || self.settings.of(&scope).is_on(&settings::UNANSWERED);
            let line = if is_kept { wording::NOTHING_UNANSWERED } else { wording::UNANSWERED_NOT_KEPT };
            return (line.to_owned(), Vec::new());
        };
        let session = Session {
            chat,
            listed: Some(position),
            cluster: Some(cluster.id.0),
            text: cluster.text.clone(),
            taught: None,
        };
        let title = wording::unanswered_question(&cluster.text, cluster.asked);
        self.question(session, &title, clusters.len() > 1, person).await
    }

    /// A question with the entries that it may belong to. `has_next` where another one follows in the list.
    pub async fn question(&self, session: Session, title: &str, has_next: bool, person: i64) -> Screen {
        let group = session.chat.map(group);
        let in_group = group.as_ref();
        let ranking = self.responder.look(in_group, &phrasing_of(&session.text)).await;
        let listed = session.listed;
        let token = self.sessions.keep(session, person).await;
        let mut rows = Vec::new();
        for candidate in ranking.candidates.iter().take(NEAREST) {
            if let Some(entry) = self.responder.entry(in_group, &candidate.entry).await {
                let label = wording::belongs_to(&entry.question);
                rows.push(vec![key(&label, token, LessonAct::BelongsTo(EntryHash::of(&entry.id)))]);
            }
        }
        rows.push(vec![
            key(wording::OTHER_ENTRY, token, LessonAct::AllEntries(0)),
            key(wording::NEW_QUESTION, token, LessonAct::NewQuestion),
        ]);
        rows.push(vec![key(wording::IGNORE, token, LessonAct::Ignore)]);
        let before = listed.and_then(|position| position.checked_sub(1));
        let after = listed.filter(|_| has_next).map(|position| position + 1);
        rows.extend(neighbours(before, after, |label, position| {
            key(label, token, LessonAct::Unanswered(position))
        }));
        (title.to_owned(), rows)
    }

    /// A page of all entries that a question may belong to.
    pub fn all_entries(&self, token: u64, number: usize) -> Screen {
        let content = self.library.current();
        let entries = &content.faq.entries;
        let page = Page::new(entries.len(), PAGE_SIZE, number);
        let button = |id: &EntryId, label: &str| {
            vec![key(label, token, LessonAct::BelongsTo(EntryHash::of(id)))]
        };
        let mut rows: Vec<Vec<_>> =
            page.of(entries.iter()).map(|entry| button(&entry.id, &entry.question)).collect();
        rows.extend(page.row(|label, page| key(label, token, LessonAct::AllEntries(page))));
        (wording::WHICH_ENTRY.to_owned(), rows)
    }

    /// The entry that a button stands for.
    pub async fn entry(&self, session: &Session, hash: EntryHash) -> Option<EntryId> {
        let group = session.chat.map(group);
        let ids = self.responder.ids(group.as_ref()).await;
        ids.into_iter().find(|id| EntryHash::of(id) == hash)
    }
}
