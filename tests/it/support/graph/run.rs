//! A run with faults: many people ask, deliveries come twice and out of order, sends fail; each question is answered
//! exactly once, except where the outcome was unknown.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::Value;
use tokio::task::JoinSet;

use super::world::Wrong;
use super::{Graph, PAGE, Signature, body, instagram_body, says};

/// Events of one delivery.
const BATCH: usize = 20;

/// Deliveries at once.
const AT_ONCE: usize = 8;

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    pub questions: usize,
    pub delivered: usize,
    pub once: usize,
    /// Not answered, where nobody could know whether it was.
    pub unknown: usize,
    /// The slowest acknowledgement.
    pub slowest: Duration,
    pub took: Duration,
}

/// A small generator of numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for end in (1..all.len()).rev() {
            all.swap(end, self.below(end + 1));
        }
    }
}

/// `people` ask one of `questions` each, through the program at `app`; a tenth of the events comes twice, in other
/// deliveries, and a twentieth of the sends fails, half of those unknown. Panics where something is answered twice, or
/// not at all and nobody's doubt explains it.
pub async fn run(graph: &Graph, app: &str, people: usize, questions: &[&str]) -> Outcome {
    run_at(graph, app, people, questions, PAGE).await
}

/// The same at the Page or at the Instagram `account`.
pub async fn run_at(graph: &Graph, app: &str, people: usize, questions: &[&str], account: &str) -> Outcome {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let is_page = account == PAGE;
    let person = |number: usize| format!("{}{number:07}", if is_page { "8" } else { "88" });
    let mut events: Vec<Value> = (0..people)
        .map(|number| {
            let mut event =
                says(&person(number), &format!("m_{number}"), questions[number % questions.len()]);
            event["recipient"]["id"] = account.into();
            event
        })
        .collect();
    let mut unknown = HashSet::new();
    let mut faults = HashMap::new();
    for number in 0..people {
        let wrong = match dice.below(40) {
            0 if number % 2 == 0 => Wrong::DropAfter,
            0 => Wrong::Drop,
            1 => Wrong::Error(500, 1_200, 0),
            _ => continue,
        };
        if !matches!(wrong, Wrong::Error(..)) {
            unknown.insert(person(number));
        }
        faults.insert(person(number), wrong);
    }
    graph.world(|world| world.once = faults);
    for _ in 0..people / 10 {
        let copy = events[dice.below(people)].clone();
        events.push(copy);
    }
    dice.shuffle(&mut events);
    let delivered = events.len();
    let start = Instant::now();
    let mut slowest = Duration::ZERO;
    let mut deliveries = JoinSet::new();
    for batch in events.chunks(BATCH) {
        let batch = if is_page { body(batch) } else { instagram_body(batch, &[]) };
        let (graph, app) = (graph.clone(), app.to_owned());
        deliveries.spawn(async move {
            let mut slowest = Duration::ZERO;
            loop {
                let start = Instant::now();
                match graph.deliver_to(&app, batch.clone(), Signature::Right).await {
                    StatusCode::OK => return slowest.max(start.elapsed()),
                    // As Meta does it.
                    StatusCode::SERVICE_UNAVAILABLE => slowest = slowest.max(start.elapsed()),
                    other => panic!("{other}"),
                }
            }
        });
        if deliveries.len() >= AT_ONCE {
            slowest = slowest.max(deliveries.join_next().await.unwrap().unwrap());
        }
    }
    while let Some(done) = deliveries.join_next().await {
        slowest = slowest.max(done.unwrap());
    }
    graph
        .wait("the end", |world| {
            let tried: HashSet<&str> = world
                .calls
                .iter()
                .filter(|call| call.body["message"].is_object() && call.status != 500)
                .filter_map(|call| call.body["recipient"]["id"].as_str())
                .collect();
            (tried.len() == people).then_some(())
        })
        .await;
    let took = start.elapsed();
    let mut answers: HashMap<String, usize> = HashMap::new();
    graph.world(|world| {
        for sent in &world.sent {
            *answers.entry(sent.to.clone()).or_default() += 1;
        }
    });
    let (mut once, mut lost) = (0, 0);
    for number in 0..people {
        let person = person(number);
        match answers.get(&person) {
            Some(1) => once += 1,
            None if unknown.contains(&person) => lost += 1,
            other => panic!("{person} got {other:?} answers"),
        }
    }
    Outcome { questions: people, delivered, once, unknown: lost, slowest, took }
}
