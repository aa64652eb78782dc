//! One message, learning, and keys; compare within one run, these figures depend on the machine.

#![expect(clippy::expect_used, reason = "a bench stops where it cannot go on")]

mod generator;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use uttor::faq::Faq;
use uttor::library::source::Source;
use uttor::matcher::Matcher;
use uttor::text::key;

fn guide() -> Faq {
    Source::Builtin.load().expect("the guide")
}

/// What one message costs, normalizing included.
fn message(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("message");
    let sizes = [
        ("guide", guide()),
        ("1000x20", generator::faq(1_000, 20, 1)),
        ("10000x10", generator::faq(10_000, 10, 1)),
    ];
    for (name, faq) in &sizes {
        let matcher = Matcher::learn(faq);
        let messages = generator::messages(faq, 500, 2);
        let mut at = 0;
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                at = (at + 1) % messages.len();
                black_box(matcher.find(&messages[at], None))
            });
        });
        if *name == "guide" {
            let long: String = messages.join(" ").chars().take(1_000).collect();
            group.bench_function("guide, 1000 characters", |bencher| {
                bencher.iter(|| black_box(matcher.find(&long, None)));
            });
        }
    }
    group.finish();
}

fn learning(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("learning");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    let guide = guide();
    group.bench_function("guide", |bencher| bencher.iter(|| black_box(Matcher::learn(&guide))));
    let thousand = generator::faq(1_000, 20, 1);
    group.bench_function("1000x20", |bencher| bencher.iter(|| black_box(Matcher::learn(&thousand))));
    group.finish();
}

fn keys(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("keys");
    for word in ["ফ্রিল্যান্সিং", "freelancing", "kivabe"] {
        group.bench_function(word, |bencher| {
            bencher.iter_batched(|| word, |word| black_box(key::readings(word)), BatchSize::SmallInput);
        });
    }
    group.finish();
}

criterion_group!(benches, message, learning, keys);
criterion_main!(benches);
