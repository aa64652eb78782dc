//! A reply as one JSON object: the line of `uttor ask --json` and the body of `POST /api/ask`.

use serde::Serialize;

use super::render::plain;
use super::{Outcome, Reply};
use crate::faq::EntryId;
use crate::matcher::Ranking;

/// The JSON object; its fields are a contract with programs outside.
#[derive(Debug, Serialize)]
pub struct Record {
    query: String,
    outcome: &'static str,
    entry: Option<String>,
    entries: Vec<String>,
    suggestions: Vec<String>,
    score: f32,
    candidates: Vec<RecordCandidate>,
    reply: String,
}

#[derive(Debug, Serialize)]
struct RecordCandidate {
    entry: String,
    score: f32,
}

impl Record {
    /// Of the message `query` (already cut to what a question can hold), its ranking and its reply.
    pub fn new(query: &str, ranking: &Ranking, reply: &Reply) -> Self {
        let names = |ids: &[EntryId]| ids.iter().map(EntryId::to_string).collect::<Vec<_>>();
        let entries = names(reply.outcome.answered());
        let suggestions = match &reply.outcome {
            Outcome::Suggest(ids) => names(ids),
            _ => Vec::new(),
        };
        Self {
            query: query.to_owned(),
            outcome: reply.outcome.name(),
            entry: entries.first().cloned(),
            entries,
            suggestions,
            score: ranking.score(),
            candidates: ranking
                .candidates
                .iter()
                .map(|candidate| RecordCandidate {
                    entry: candidate.entry.to_string(),
                    score: candidate.score,
                })
                .collect(),
            reply: plain(&reply.text),
        }
    }
}
