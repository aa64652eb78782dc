//! The transcripts of `tests/it/conversations` that are private, said in the Page's inbox.

use std::fs;
use std::path::{Path, PathBuf};

use uttor::faq::Faq;
use uttor::library::source::Source;
use uttor::text::normalize::compose;

use super::Rig;
use crate::support::app::eventually;
use crate::support::graph::{Sent, presses, says};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// What a person reads of an answer, without its marks: what it begins with.
fn beginning(answer: &str) -> String {
    let plain: String = answer.chars().filter(|letter| *letter != '*').collect();
    compose(&plain).split(['\n', '।']).next().unwrap().trim().to_owned()
}

/// The payload of what shows `label`: a quick reply, or a question in the text whose label is one.
fn pressed(faq: &Faq, last: &Sent, label: &str) -> String {
    let titles = last.titles();
    let title = titles.iter().find(|title| compose(title) == label);
    let entry = faq.entries.iter().find(|entry| compose(&entry.question) == label);
    let title = title.copied().or_else(|| {
        let entry = entry.filter(|_| compose(last.text()).contains(label))?;
        titles.iter().copied().find(|title| *title == entry.label)
    });
    // A related question is cut to a title's length.
    let title = title.or_else(|| {
        let cut = |title: &&str| title.strip_suffix('…').is_some_and(|cut| label.starts_with(&compose(cut)));
        titles.iter().copied().find(cut)
    });
    last.payload(title.unwrap_or_else(|| panic!("{label} is not among {titles:?}: {}", last.message)))
}

fn is_right(faq: &Faq, said: &str, outcome: &str) -> bool {
    let mut words = outcome.split(' ');
    let what = words.next().unwrap();
    let mut entries = words.map(|id| faq.entry(&id.parse().unwrap()).unwrap());
    match what {
        "answer" => entries.all(|entry| said.contains(&beginning(&entry.answer))),
        "suggest" => {
            said.contains("আপনি কি এগুলোর কোনোটি")
                && entries.all(|entry| said.contains(&compose(&entry.question)))
        }
        "fallback" => said.contains("http"),
        "smalltalk" => !said.is_empty(),
        _ => false,
    }
}

#[tokio::test]
async fn the_private_transcripts_come_out_in_the_inbox_as_written() {
    let faq = Source::Builtin.load().unwrap();
    let rig = Rig::start_at(&root().join("faq"), &[("ARTICLE_URL", "https://example.org/guide")]).await;
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("tests/it/conversations"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let (mut replayed, mut events) = (0, 0);
    for (number, file) in files.iter().enumerate() {
        // They were written for the built-in page.
        let written = fs::read_to_string(file)
            .unwrap()
            .replace("http://127.0.0.1:8080/guide", "https://example.org/guide");
        let written = compose(&written);
        // Somebody types a payload in it, which in the inbox is a word like another; it has pages of topics.
        let is_typed = written.lines().any(|line| line == "> topics");
        let is_elsewhere = is_typed || written.lines().any(|line| line.starts_with("place "));
        if file.extension().is_none_or(|extension| extension != "txt") || is_elsewhere {
            continue;
        }
        replayed += 1;
        let person = format!("91{number:03}");
        let (mut seen, mut last, mut said) = (0, None::<Sent>, String::new());
        for (line_number, line) in written.lines().enumerate() {
            let at = format!("{}:{}", file.file_name().unwrap().to_string_lossy(), line_number + 1);
            let Some((mark, rest)) = line.trim().split_once(' ').filter(|(mark, _)| *mark != "#") else {
                continue;
            };
            let mid = format!("m_{person}_{line_number}");
            let event = match (mark, &last) {
                (">", _) => says(&person, &mid, rest),
                ("*", Some(last)) => presses(&person, &mid, rest, &pressed(&faq, last, rest)),
                ("=", _) => {
                    assert!(is_right(&faq, &said, rest), "{at}: {said}");
                    continue;
                }
                ("~", _) => {
                    assert!(said.contains(rest), "{at}: {said}");
                    continue;
                }
                _ => panic!("{at}"),
            };
            rig.deliver(&[event]).await;
            events += 1;
            let handled = "uttor_messenger_events_total{what=\"handled\"}";
            eventually("its end", async || (rig.count(handled).await == events).then_some(())).await;
            let sent = rig.graph.world(|world| world.sent_to(&person));
            assert!(sent.len() > seen, "{at}: nothing came");
            said = sent[seen..].iter().map(|sent| compose(sent.text())).collect::<Vec<_>>().join("\n");
            seen = sent.len();
            // The last one bears the quick replies.
            last = sent.into_iter().last();
        }
    }
    assert!(replayed >= 10, "{replayed}");
    rig.app.stop().await.unwrap();
}
