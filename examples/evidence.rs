//! What `scripts/train/` learns from: reads `training/` and the guide, writes `words.jsonl` (every text with its words),
//! `evidence.jsonl` (every query beside the entries of its owner) and `certainty.jsonl` (the guide's own phrasings, read
//! by matchers that were trained without them) into a folder.
//!
//! `cargo run --release --example evidence -- OUT`

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use uttor::command::eval::fit::trials;
use uttor::faq::Faq;
use uttor::library::Content;
use uttor::library::source::Source;
use uttor::matcher::examples::{Example, Examples};
use uttor::matcher::features::{Word, words};
use uttor::text::normalize::normalize;

type Row = HashMap<String, String>;

/// How many entries are taught at once, and how often other ones: what is sure among twelve is not among two.
const SIZES: [(usize, usize); 5] = [(12, 1), (24, 1), (36, 1), (5, 3), (2, 3)];

/// Parts of the guide that the certainty is trained on: entries, wordings of each, counter-examples of each topic. The
/// last is the whole guide.
const CONTENTS: [(usize, usize, usize); 11] = [
    (5, 15, 0),
    (5, 50, 0),
    (5, 150, 4),
    (12, 15, 1),
    (12, 50, 0),
    (12, 150, 4),
    (28, 15, 4),
    (28, 50, 0),
    (28, 50, 40),
    (28, 150, 100),
    (28, 1_000, 1_000),
];

fn main() -> anyhow::Result<()> {
    let out = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/training".to_owned()));
    fs::create_dir_all(&out)?;
    let training = Path::new(env!("CARGO_MANIFEST_DIR")).join("training");
    let (entries, queries) = (table(&training.join("entries.tsv"))?, table(&training.join("queries.tsv"))?);
    let statements = table(&training.join("statements.tsv"))?;
    let faq = Source::Builtin.load().map_err(|findings| anyhow::anyhow!("{} findings", findings.len()))?;

    write_words(&out, &entries, &queries, &statements, &faq)?;

    let mut file = BufWriter::new(File::create(out.join("certainty.jsonl"))?);
    for (entries, wordings, counter_examples) in CONTENTS {
        let (content, others) = part_of(&faq, entries, wordings, counter_examples);
        let name = format!("{entries} entries, {wordings} wordings, {counter_examples} counter-examples");
        for (signs, right) in trials(&content, &others) {
            writeln!(file, "{}", json!({"amount": name, "signs": signs.features(), "right": right}))?;
        }
    }

    // A guide that has not learned what is asked of it here: every other phrasing, and some of the rest are asked.
    let (mut half, mut held) = (faq, Vec::new());
    for entry in &mut half.entries {
        let (kept, rest): (Vec<_>, Vec<_>) =
            entry.phrasings.drain(..).enumerate().partition(|(at, _)| at % 2 == 0);
        held.extend(rest.into_iter().filter(|(at, _)| at % 8 == 1).map(|(_, phrasing)| phrasing));
        entry.phrasings = kept.into_iter().map(|(_, phrasing)| phrasing).collect();
    }
    let guide = Content::learn(half);
    let mut file = BufWriter::new(File::create(out.join("evidence.jsonl"))?);
    let mut owners: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for entry in &entries {
        owners.entry(&entry["owner"]).or_default().push(entry);
    }
    let names: Vec<&str> = owners.keys().copied().collect();
    for (number, owner) in names.iter().enumerate() {
        let others = [1, 2].map(|step| names[(number + step) % names.len()]);
        let of_guide = held.iter().enumerate().filter(|(at, _)| (at + number * 5) % 13 == 0);
        let asked: Vec<(&str, &str, &str)> = queries
            .iter()
            .filter(|query| query["owner"] == **owner)
            .map(|query| (query["query"].as_str(), query["expect"].as_str(), query["style"].as_str()))
            .chain(of_guide.map(|(_, phrasing)| (phrasing.as_str(), "none", "guide")))
            .collect();
        let scores: Vec<f32> =
            asked.iter().map(|(query, ..)| guide.matcher.find(query, None).score()).collect();
        for wordings in [1, 3] {
            for (size, groups) in SIZES {
                for group in 0..groups {
                    let own = &owners[owner];
                    let taught: Vec<&Row> = match size {
                        12 => own.clone(),
                        24 => own.iter().chain(&owners[others[0]]).copied().collect(),
                        36 => own
                            .iter()
                            .chain(others.iter().flat_map(|other| &owners[other]))
                            .copied()
                            .collect(),
                        _ => {
                            let some = own
                                .iter()
                                .enumerate()
                                .filter(|(at, _)| (at * 7 + wordings) % groups == group);
                            some.map(|(_, entry)| *entry).take(size).collect()
                        }
                    };
                    let examples = Examples::of(
                        &taught.iter().map(|entry| example(entry, wordings)).collect::<Vec<_>>(),
                    );
                    for (at, ((query, expect, style), guide)) in asked.iter().zip(&scores).enumerate() {
                        let right = taught
                            .iter()
                            .position(|entry| entry["owner"] == **owner && entry["id"] == **expect);
                        if size < 12 && right.is_none() && (at + group) % (groups * 2) != 0 {
                            continue;
                        }
                        let said = words(&normalize(query));
                        let ids: Vec<String> = taught
                            .iter()
                            .map(|entry| format!("{}/{}", entry["owner"], entry["id"]))
                            .collect();
                        let row = json!({"owner": owner, "wordings": wordings, "size": size, "right": right,
                            "style": style, "query": query, "evidence": examples.evidence(&said).iter().map(|evidence| evidence.to_vec()).collect::<Vec<_>>(),
                            "guide": guide, "words": said.len(),
                            "unlisted": said.iter().filter(|word| word.class.is_none()).count(), "ids": ids});
                        writeln!(file, "{row}")?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Writes every text of `training/`, and some of the guide's, with its words.
fn write_words(
    out: &Path,
    entries: &[Row],
    queries: &[Row],
    statements: &[Row],
    faq: &Faq,
) -> anyhow::Result<()> {
    let mut file = BufWriter::new(File::create(out.join("words.jsonl"))?);
    for entry in entries {
        for part in ["question", "extra1", "extra2", "answer"] {
            writeln!(file, "{}", text(&entry["owner"], &entry["id"], part, &entry[part]))?;
        }
    }
    for query in queries {
        writeln!(file, "{}", text(&query["owner"], &query["expect"], &query["style"], &query["query"]))?;
    }
    for statement in statements {
        writeln!(file, "{}", text("statements", &statement["asks"], "statements", &statement["text"]))?;
    }
    for entry in &faq.entries {
        for phrasing in entry.phrasings.iter().step_by(3) {
            writeln!(file, "{}", text("guide", "1", "phrasing", phrasing))?;
        }
    }
    for topic in &faq.topics {
        for example in &topic.examples {
            writeln!(file, "{}", text("guide", if topic.statement { "0" } else { "1" }, "topic", example))?;
        }
    }
    Ok(())
}

/// So many entries of the guide with about so many wordings and counter-examples, and some of what is left out: questions
/// that this content does not answer.
fn part_of(faq: &Faq, entries: usize, wordings: usize, counter_examples: usize) -> (Faq, Vec<String>) {
    let (mut faq, step) = (faq.clone(), faq.entries.len() / entries);
    let mut others = Vec::new();
    let thin = |texts: &mut Vec<String>, keep: usize| {
        let step = (texts.len() / keep.max(1)).max(1);
        *texts = texts.drain(..).step_by(step).take(keep).collect();
    };
    for (at, mut entry) in std::mem::take(&mut faq.entries).into_iter().enumerate() {
        if at % step == 0 && faq.entries.len() < entries {
            thin(&mut entry.phrasings, wordings);
            entry.related.clear();
            faq.entries.push(entry);
        } else {
            others.extend(entry.phrasings.into_iter().step_by(40));
        }
    }
    for topic in &mut faq.topics {
        others.extend(topic.examples.iter().skip(counter_examples).step_by(25).cloned());
        thin(&mut topic.examples, counter_examples);
    }
    (faq, others)
}

fn example(entry: &Row, wordings: usize) -> Example {
    let texts = ["question", "extra1", "extra2"].into_iter().take(wordings).map(|part| &entry[part]);
    Example {
        wordings: texts.map(|text| words(&normalize(text))).collect(),
        answer: words(&normalize(&entry["answer"])),
    }
}

fn text(owner: &str, id: &str, part: &str, text: &str) -> Value {
    let normalized = normalize(text);
    let words: Vec<Value> = words(&normalized)
        .iter()
        .map(|word: &Word| {
            json!({"key": word.keys.first().to_string(), "stem": word.stem.to_string(),
                "class": word.class.map(uttor::text::lexicon::Class::name), "filler": word.is_filler()})
        })
        .collect();
    json!({"owner": owner, "id": id, "part": part, "text": text, "mark": normalized.contains('?'), "words": words})
}

/// A table with a header, tab-separated, nothing quoted.
fn table(file: &Path) -> anyhow::Result<Vec<Row>> {
    let text = fs::read_to_string(file)?;
    let mut lines = text.lines().map(|line| line.split('\t').map(str::to_owned));
    let header: Vec<String> = lines.next().into_iter().flatten().collect();
    Ok(lines.map(|line| header.iter().cloned().zip(line).collect()).collect())
}
