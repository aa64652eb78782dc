//! Catches up with what was taught, in whichever replica, and takes what it answers off the list.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::Shared;
use super::lessons::additions;
use crate::faq::EntryId;
use crate::message::Place;
use crate::reply::Outcome;
use crate::store::{
    Cluster, ClusterState, Clusters, Error, Lesson, Mark, Scope, StoredQuestion, Teaching, TeachingId,
};
use crate::view::View;

/// The wait before another attempt where the store could not be read. The store itself says so in the log.
const RETRY_DELAY: Duration = Duration::from_secs(2);

/// How often news is read again in one go because there was more of it meanwhile.
const MAX_ROUNDS: u32 = 10;

/// How many open clusters are looked at when something was taught, those asked most first.
const MAX_CLUSTERS: u32 = 500;

/// Catches up for as long as the store is there.
pub async fn follow(shared: Arc<Shared>) {
    let mut marks = shared.store.subscribe();
    while start(&shared).await.is_err() {
        sleep(RETRY_DELAY).await;
    }
    loop {
        marks.borrow_and_update();
        if catch_up(&shared).await.is_err() {
            sleep(RETRY_DELAY).await;
            continue;
        }
        if marks.changed().await.is_err() {
            return;
        }
    }
}

/// Puts in place what was taught before anybody looked.
pub async fn start(shared: &Shared) -> Result<(), Error> {
    let mut known = shared.known.lock().await;
    let mark = *shared.store.subscribe().borrow();
    relearn(shared).await?;
    shared.overlays.forget_all();
    *known = mark;
    Ok(())
}

/// Puts in place what is new. A burst of teachings is one: whoever comes while another learns finds it done.
pub async fn catch_up(shared: &Shared) -> Result<(), Error> {
    let mut known = shared.known.lock().await;
    for _ in 0..MAX_ROUNDS {
        let mark = *shared.store.subscribe().borrow();
        if mark.generation != known.generation {
            // A restore: nothing that is known holds, and revisions may have gone back.
            relearn(shared).await?;
            shared.overlays.forget_all();
            *known = mark;
            return Ok(());
        }
        let news = shared.store.teachings_since(known.revision).await?;
        let last = news.last().map_or(known.revision, |teaching| teaching.revision).max(mark.revision);
        let groups: HashSet<_> = news.iter().map(|teaching| &teaching.scope).collect();
        for scope in &groups {
            if let Scope::Group(group) = scope {
                shared.overlays.forget(group);
            }
        }
        if groups.contains(&Scope::Base) {
            relearn(shared).await?;
        }
        let mut settled = true;
        for scope in groups {
            settled &= settle(shared, scope, &news, last).await?;
        }
        if settled {
            *known = Mark { revision: last.max(known.revision), ..mark };
            break;
        }
    }
    Ok(())
}

async fn relearn(shared: &Shared) -> Result<(), Error> {
    let taught = additions(&shared.store.teachings_of(&Scope::Base).await?);
    let library = Arc::clone(&shared.library);
    let learned = spawn_blocking(move || library.teach(taught)).await;
    if learned.map_err(|error| Error::Broken(error.to_string()))? {
        tracing::info!("what was taught is in force");
    }
    Ok(())
}

/// Takes off the list what the new teachings of `scope` answer though they were not taught for it. Says whether that
/// could be told: not where something was taught or undone after the revision `last`, which the content in force
/// does not know of.
async fn settle(shared: &Shared, scope: &Scope, news: &[Teaching], last: i64) -> Result<bool, Error> {
    let holds = |teaching: &&Teaching| teaching.scope == *scope && teaching.undone.is_none();
    let taught: Vec<Taught> = news.iter().filter(holds).filter_map(Taught::of).collect();
    if taught.is_empty() {
        return Ok(true);
    }
    let view = shared.view(scope).await?;
    let of = Some(scope).filter(|scope| **scope != Scope::Base);
    let which = Clusters { state: ClusterState::Open, scope: of, limit: MAX_CLUSTERS, skip: 0 };
    let open = shared.store.clusters(&which).await?;
    let answering = spawn_blocking(move || answered(&view, &open, &taught)).await;
    for (cluster, entry, teaching) in answering.map_err(|error| Error::Broken(error.to_string()))? {
        let questions = shared.store.questions(cluster.id).await?;
        // An answer that people called unhelpful is no better for being given again, and a group's answer helps
        // nobody elsewhere.
        let helps = |question: &StoredQuestion| {
            question.entry.as_ref() != Some(&entry) && of.is_none_or(|scope| question.scope == *scope)
        };
        // Asked of the store: the mark moves a moment after the undoing that opened a question again.
        if !shared.store.teachings_since(last).await?.is_empty() {
            return Ok(false);
        }
        if questions.iter().all(helps) {
            shared.store.settle(&[cluster.id], teaching).await?;
        }
    }
    Ok(true)
}

/// What one teaching says of an entry.
struct Taught {
    id: TeachingId,
    entry: EntryId,
    texts: Vec<String>,
}

impl Taught {
    fn of(teaching: &Teaching) -> Option<Self> {
        let (entry, texts) = match &teaching.lesson {
            Lesson::Phrasing { entry, text } => (entry.clone(), vec![text.clone()]),
            Lesson::Entry(entry) | Lesson::Edit(entry) => {
                let texts = std::iter::once(&entry.question).chain(&entry.phrasings);
                (entry.id.clone(), texts.cloned().collect())
            }
            Lesson::CounterExample { .. } | Lesson::Ignore { .. } => return None,
        };
        Some(Self { id: teaching.id, entry, texts })
    }
}

/// The clusters that now get an entry of `taught`, with the entry and the teaching that says most nearly the same:
/// the one whose undoing opens them again.
fn answered(view: &View, open: &[Cluster], taught: &[Taught]) -> Vec<(Cluster, EntryId, TeachingId)> {
    let answer = |cluster: &Cluster| {
        let ranking = view.find(&cluster.text, None);
        let Outcome::Answer(entries) = view.decide(&ranking, Place::Private) else { return None };
        let asked = view.comparable(&cluster.text);
        let likeness = |taught: &Taught| {
            let alike = taught.texts.iter().map(|text| asked.similarity(&view.comparable(text)));
            alike.fold(0.0, f32::max)
        };
        let of_answer = taught.iter().filter(|taught| entries.contains(&taught.entry));
        let (_, nearest) = of_answer
            .map(|taught| (likeness(taught), taught))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.id.cmp(&b.1.id)))?;
        Some((cluster.clone(), nearest.entry.clone(), nearest.id))
    };
    open.iter().filter_map(answer).collect()
}
