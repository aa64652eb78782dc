//! Unanswered questions, masked and grouped, on their way into the store.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::Shared;
use super::similar::{MAX_WORDINGS, Similar};
use crate::faq::EntryId;
use crate::matcher::similarity::Comparable;
use crate::store::{ClusterId, Error, Question, Scope};
use crate::text::mask::Masked;

/// A question as it was asked, and where.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What was typed.
    pub text: &'a str,
    /// The channel's name.
    pub channel: &'a str,
    /// The group, or the base for a private chat.
    pub scope: &'a Scope,
    /// When, in Unix seconds.
    pub at: i64,
}

/// What is to be kept. Holds what was typed, in memory only, so that nobody's reply waits for it to be masked.
pub struct UnansweredQuestion {
    text: String,
    channel: String,
    scope: Scope,
    at: i64,
    entry: Option<EntryId>,
}

impl UnansweredQuestion {
    /// Of a question, and the entry whose answer got 👎.
    pub fn new(asked: &Asked<'_>, entry: Option<&EntryId>) -> Self {
        let Asked { text, channel, scope, at } = *asked;
        Self {
            text: text.to_owned(),
            channel: channel.to_owned(),
            scope: scope.clone(),
            at,
            entry: entry.cloned(),
        }
    }
}

/// The delay before a question is written again where the store is away, and how often that is tried: ten minutes in all.
const RETRY_DELAY: Duration = Duration::from_secs(5);
const MAX_ATTEMPTS: u32 = 120;

/// What other replicas have kept is looked at again after so long, before a new cluster is made.
const REFRESH_INTERVAL: Duration = Duration::from_secs(2);

/// Writes questions until nobody can send more.
pub async fn work(shared: Arc<Shared>, mut questions: mpsc::Receiver<UnansweredQuestion>) {
    let mut known = Known { similar: Similar::default(), read: None };
    while let Some(question) = questions.recv().await {
        let mut attempts = 0;
        while let Err(error) = keep(&shared, &mut known, &question).await {
            attempts += 1;
            if !error.passes() || attempts == MAX_ATTEMPTS {
                tracing::warn!("an unanswered question was not kept: {error}");
                break;
            }
            sleep(RETRY_DELAY).await;
        }
    }
}

struct Known {
    similar: Similar,
    read: Option<Instant>,
}

async fn keep(shared: &Arc<Shared>, known: &mut Known, question: &UnansweredQuestion) -> Result<(), Error> {
    let text = question.text.clone();
    let content = shared.library.current();
    let prepared = blocking(move || {
        let masked = Masked::new(&text);
        let asked = content.matcher.comparable(&masked.without_placeholders());
        (masked, asked)
    });
    let (masked, asked) = prepared.await?;
    if asked.is_empty() {
        return Ok(());
    }
    let mut cluster = find(known, &asked).await?;
    if cluster.is_none() && known.read.is_none_or(|read| read.elapsed() >= REFRESH_INTERVAL) {
        let wordings = shared.store.latest_questions(MAX_WORDINGS).await?;
        let content = shared.library.current();
        known.similar = blocking(move || Similar::of(&wordings, &content.matcher)).await?;
        known.read = Some(Instant::now());
        cluster = find(known, &asked).await?;
    }
    let masked_question = Question {
        text: &masked,
        channel: &question.channel,
        scope: &question.scope,
        entry: question.entry.as_ref(),
    };
    let kept = shared.store.keep_question(&masked_question, cluster, question.at).await?;
    known.similar.kept(kept, asked);
    Ok(())
}

/// Compares beside the threads that answer: it takes some milliseconds.
async fn find(known: &mut Known, asked: &Comparable) -> Result<Option<ClusterId>, Error> {
    let (similar, asked) = (std::mem::take(&mut known.similar), asked.clone());
    let (similar, found) = blocking(move || {
        let found = similar.find(&asked);
        (similar, found)
    })
    .await?;
    known.similar = similar;
    Ok(found)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    spawn_blocking(work).await.map_err(|error| Error::Broken(error.to_string()))
}
