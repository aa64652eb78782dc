//! Transcripts, replayed against the guide and compared; `conversations/README.md` says how to write one.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use uttor::library::Library;
use uttor::library::source::Source;
use uttor::memory::Memory;
use uttor::message::{Content, ConversationId, Message, PersonId, Place};
use uttor::reply::links::Links;
use uttor::reply::{Action, Outcome, Reply};
use uttor::responder::Responder;
use uttor::text::normalize::compose;

static LIBRARY: LazyLock<Arc<Library>> =
    LazyLock::new(|| Arc::new(Library::new(Source::Builtin.load().expect("the guide"))));

#[tokio::test]
async fn transcripts_come_out_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/conversations");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    assert!(!files.is_empty());
    let mut differences = Vec::new();
    for file in &files {
        let written = fs::read_to_string(file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy();
        if let Err(difference) = replay(&name, &written).await {
            differences.push(difference);
        }
    }
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

/// Says a transcript's lines and compares what comes back.
async fn replay(name: &str, written: &str) -> Result<(), String> {
    let responder = Responder::new(
        Arc::clone(&LIBRARY),
        Links::builtin("http://127.0.0.1:8080"),
        Arc::new(Memory::alone()),
    );
    let mut place = Place::Private;
    let mut last = Reply::silent();
    // Keyboards write য় in two ways; the bot writes one.
    for (number, line) in compose(written).lines().enumerate() {
        let line = line.trim();
        let at = format!("{name}:{}", number + 1);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (mark, rest) =
            line.split_once(' ').ok_or_else(|| format!("{at}: a mark and a blank are missing"))?;
        match mark {
            "place" => {
                let named = Place::ALL.into_iter().find(|place| place.name() == rest);
                place = named
                    .or((rest == "reply").then_some(Place::Replied))
                    .ok_or_else(|| format!("{at}: no place {rest}"))?;
            }
            ">" | "*" => {
                let content = if mark == ">" { Content::from_text(rest) } else { press(&last, rest, &at)? };
                let message = Message {
                    conversation: ConversationId::new("transcript", name),
                    person: PersonId::new("transcript", name),
                    group: None,
                    place,
                    may_be_kept: true,
                    hidden: Vec::new(),
                    guide_first: false,
                    content,
                };
                last = responder.respond(&message).await.reply;
            }
            "=" if outcome(&last) != rest => {
                return Err(format!(
                    "{at}:\n  written: {rest}\n  came:    {}\n  reply:   {}",
                    outcome(&last),
                    last.text
                ));
            }
            "~" if !compose(&last.text).contains(rest) => {
                return Err(format!("{at}:\n  written: …{rest}…\n  came:    {}", last.text));
            }
            "=" | "~" => {}
            _ => return Err(format!("{at}: a line starts with place, >, *, =, ~ or #")),
        }
    }
    Ok(())
}

/// The press of the button that shows `label`.
fn press(reply: &Reply, label: &str, at: &str) -> Result<Content, String> {
    let labels: Vec<_> = reply.buttons.iter().map(|button| button.label.as_str()).collect();
    let button = reply.buttons.iter().find(|button| compose(&button.label) == label);
    match button.map(|button| &button.action) {
        Some(Action::Press(payload)) => Ok(Content::Press(payload.clone())),
        _ => Err(format!("{at}: no button “{label}” to press, there are: {}", labels.join(" | "))),
    }
}

fn outcome(reply: &Reply) -> String {
    let join = |what: &str, entries: &[uttor::faq::EntryId]| {
        let entries: Vec<_> = entries.iter().map(ToString::to_string).collect();
        format!("{what} {}", entries.join(" "))
    };
    match &reply.outcome {
        Outcome::Answer(entries) => join("answer", entries),
        Outcome::Suggest(entries) => join("suggest", entries),
        Outcome::Smalltalk(_) => "smalltalk".to_owned(),
        Outcome::Fallback(_) => "fallback".to_owned(),
        Outcome::Handoff | Outcome::Distress | Outcome::Silent => reply.outcome.name().to_owned(),
    }
}
