//! Which of the questions that were asked lately asks the same.

use std::collections::{HashMap, VecDeque};

use crate::matcher::Matcher;
use crate::matcher::similarity::Comparable;
use crate::matcher::weights::SAME_QUESTION;
use crate::store::{ClusterId, StoredQuestion};

/// How many clusters a new question is compared with: the latest, in memory.
const MAX_CLUSTERS: usize = 300;

/// How many wordings are read to know the latest clusters.
pub const MAX_WORDINGS: u32 = 600;

/// The latest clusters, each with the first of its wordings.
#[derive(Default)]
pub struct Similar {
    /// The latest last.
    clusters: VecDeque<(ClusterId, Comparable)>,
}

impl Similar {
    /// The clusters of `wordings`, which come latest first.
    pub fn of(wordings: &[StoredQuestion], matcher: &Matcher) -> Self {
        let mut firsts: HashMap<ClusterId, &StoredQuestion> = HashMap::new();
        let mut order = Vec::new();
        for wording in wordings {
            let first = firsts.entry(wording.cluster).or_insert_with(|| {
                order.push(wording.cluster);
                wording
            });
            // A cluster stands for its first wording, so that it does not wander off with each new one.
            if wording.first_at < first.first_at {
                *first = wording;
            }
        }
        order.truncate(MAX_CLUSTERS);
        let prepared = order.iter().rev().filter_map(|cluster| {
            firsts.get(cluster).map(|wording| (*cluster, matcher.comparable(&wording.text)))
        });
        Self { clusters: prepared.collect() }
    }

    /// The cluster that asks most nearly the same as `asked`, where one is near enough.
    pub fn find(&self, asked: &Comparable) -> Option<ClusterId> {
        let scored = self.clusters.iter().map(|(id, other)| (*id, asked.similarity(other)));
        let (id, similarity) = scored.max_by(|a, b| a.1.total_cmp(&b.1))?;
        (similarity >= SAME_QUESTION).then_some(id)
    }

    /// A question was kept in this cluster.
    pub fn kept(&mut self, cluster: ClusterId, asked: Comparable) {
        let known = self.clusters.iter().position(|(id, _)| *id == cluster);
        let first = known.and_then(|at| self.clusters.remove(at)).map_or(asked, |(_, first)| first);
        self.clusters.push_back((cluster, first));
        if self.clusters.len() > MAX_CLUSTERS {
            self.clusters.pop_front();
        }
    }
}
