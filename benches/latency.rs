//! Percentiles, which criterion does not give: every message timed alone, after a warm-up, in one thread.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "it prints a table, and stops where it cannot go on"
)]

mod generator;

use std::time::{Duration, Instant};

use uttor::faq::Faq;
use uttor::library::source::Source;
use uttor::matcher::Matcher;

fn main() {
    // `cargo test --benches` passes no `--bench`: nothing is measured then.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("| content | learned in | median | 99th percentile | own entry first |");
    println!("|---|---|---|---|---|");
    let guide = Source::Builtin.load().expect("the guide");
    row("guide", &guide);
    row("guide, 1,000 characters", &joined(&guide));
    row("1,000 entries × 20 phrasings", &generator::faq(1_000, 20, 1));
    row("10,000 entries × 10 phrasings", &generator::faq(10_000, 10, 1));
}

/// The guide, asked in messages of 1,000 characters.
fn joined(guide: &Faq) -> Faq {
    let mut faq = guide.clone();
    for entry in &mut faq.entries {
        let all: String = entry.phrasings.join(" ").chars().take(1_000).collect();
        entry.phrasings = vec![all];
    }
    faq
}

fn row(name: &str, faq: &Faq) {
    let started = Instant::now();
    let matcher = Matcher::learn(faq);
    let learned = started.elapsed();
    let long = name.contains("characters");
    let messages: Vec<String> = if long {
        faq.entries.iter().flat_map(|entry| entry.phrasings.clone()).cycle().take(500).collect()
    } else {
        generator::messages(faq, 5_000, 2)
    };
    let mut took: Vec<Duration> = Vec::with_capacity(messages.len());
    for round in 0..2 {
        for message in &messages {
            let started = Instant::now();
            std::hint::black_box(matcher.find(message, None));
            if round == 1 {
                took.push(started.elapsed());
            }
        }
    }
    took.sort_unstable();
    let right = messages.iter().filter(|message| {
        let best = matcher.find(message, None).candidates.into_iter().next();
        best.is_some_and(|best| {
            let own = faq.entries.iter().filter(|entry| {
                entry.phrasings.iter().any(|text| text.replace("lage", "lagbe").starts_with(message.as_str()))
            });
            own.into_iter().any(|entry| entry.id == best.entry)
        })
    });
    let right = if long || faq.entries.len() > 1_000 {
        String::new()
    } else {
        format!("{:.3}", right.count() as f64 / messages.len() as f64)
    };
    let micros = |at: usize| took[at].as_nanos() as f64 / 1_000.0;
    println!(
        "| {name} | {:.2} s | {:.1} µs | {:.1} µs | {right} |",
        learned.as_secs_f64(),
        micros(took.len() / 2),
        micros(took.len() * 99 / 100)
    );
}
