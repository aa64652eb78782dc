//! The bare guide beside the guide with overlays: 1,000 groups of 20 own phrasings each, both in one run.
//!
//! `cargo bench --bench overlay` prints the times, what the overlays take of memory, and what the whole process does.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a benchmark")]

mod generator;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use uttor::faq::overlay::Additions;
use uttor::library::source::Source;
use uttor::matcher::Matcher;
use uttor::matcher::overlay::Overlay;

const GROUPS: usize = 1_000;
const PHRASINGS: usize = 20;

fn message(criterion: &mut Criterion) {
    let guide = Source::Builtin.load().expect("the guide");
    let matcher = Matcher::learn(&guide);
    let strange = generator::faq(GROUPS, PHRASINGS, 1);
    let mut random = generator::Random::new(3);
    // Half of a group's phrasings ask in the guide's words, half in words of its own.
    let overlays: Vec<Overlay> = (0..GROUPS)
        .map(|group| {
            let mut taught = Additions::default();
            for number in 0..PHRASINGS {
                let entry = &guide.entries[random.below(guide.entries.len())];
                let text = if number % 2 == 0 {
                    strange.entries[group].phrasings[number].clone()
                } else {
                    let phrasing = &entry.phrasings[random.below(entry.phrasings.len())];
                    format!("{phrasing} {number}")
                };
                taught.phrasing(&text, Some(entry.id.clone()));
            }
            matcher.overlay(&taught)
        })
        .collect();
    let bytes: usize = overlays.iter().map(Overlay::size).sum();
    println!("{GROUPS} overlays of {PHRASINGS} phrasings: {:.1} MiB", bytes as f64 / f64::from(1 << 20));
    drop(strange);
    if let Some(resident) = resident() {
        println!("resident memory, guide and overlays: {resident:.1} MiB");
    }
    let messages = generator::messages(&guide, 500, 2);
    let mut group = criterion.benchmark_group("message");
    let mut at = 0;
    group.bench_function("guide", |bencher| {
        bencher.iter(|| {
            at = (at + 1) % messages.len();
            black_box(matcher.find(&messages[at], None))
        });
    });
    group.bench_function("guide with overlay", |bencher| {
        bencher.iter(|| {
            at += 1;
            black_box(matcher.find_with(&overlays[at % GROUPS], &messages[at % messages.len()], None))
        });
    });
    group.finish();
}

/// What the process has in memory, in MiB, where the system tells (Linux).
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib / 1024.0)
}

criterion_group!(benches, message);
criterion_main!(benches);
