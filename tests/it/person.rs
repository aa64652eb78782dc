//! Who wants a person, or is in despair: how many are met, and what they get on each channel.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};
use tempfile::TempDir;
use uttor::library::Content;
use uttor::library::source::Source;
use uttor::matcher::decide::{Outcome, decide};
use uttor::message::Place;

use crate::messenger::Rig as Page;
use crate::support::app::{TestApp, eventually, garden_copy};
use crate::support::graph::says;
use crate::support::program::{stdout, uttor};
use crate::support::telegram::Telegram;
use crate::support::telegram::private;
use crate::telegram::{Mode, Rig};

const WISH: &str = "মানুষের সাথে কথা বলতে চাই, বট না";
const DESPAIR: &str = "আমি আর বাঁচতে চাই না";
const OPERATOR: i64 = 7_002;
const RAHIMA: i64 = 5_001;

static GUIDE: LazyLock<Content> =
    LazyLock::new(|| Content::learn(Source::Builtin.load().expect("the guide")));

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The tests' small content, with the guide's own files of wishes and despair.
fn content() -> TempDir {
    let copy = garden_copy();
    for file in ["handoff.toml", "distress.toml"] {
        fs::copy(root().join("faq").join(file), copy.path().join(file)).unwrap();
    }
    copy
}

fn decided(text: &str, place: Place) -> Outcome {
    decide(&GUIDE.matcher.find(text, None), place, &GUIDE.faq)
}

/// The texts of a labelled file.
fn texts(file: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("tests/eval").join(file)).unwrap();
    let mut lines = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let at = header.iter().position(|name| ["query", "text"].contains(name)).unwrap();
    lines.map(|line| line[at].to_owned()).collect()
}

fn share(texts: &[String], is: impl Fn(&Outcome) -> bool) -> f64 {
    let met = texts.iter().filter(|text| is(&decided(text, Place::Private))).count();
    met as f64 / texts.len() as f64
}

#[test]
fn wishes_and_despair_are_met_and_little_else_is_taken_for_them() {
    for (file, met, size) in [("handoff.tsv", Outcome::Handoff, 100), ("distress.tsv", Outcome::Distress, 60)]
    {
        let own = texts(file);
        assert_eq!(own.len(), size);
        let share = share(&own, |outcome| *outcome == met);
        assert!(share >= 0.9, "{file}: {share}");
    }
    let handoff = GUIDE.faq.handoff.as_ref().unwrap();
    let distress = GUIDE.faq.distress.as_ref().unwrap();
    let others: Vec<String> =
        ["dev.tsv", "dev_group.tsv", "dev_search.tsv"].iter().flat_map(|file| texts(file)).collect();
    for other in [&others, &handoff.counter_examples, &distress.counter_examples] {
        let wishes = share(other, |outcome| *outcome == Outcome::Handoff);
        let despair = share(other, |outcome| *outcome == Outcome::Distress);
        assert!(wishes <= 0.005 && despair <= 0.002, "{wishes} {despair}");
    }
    let known = handoff.phrasings.iter().chain(&distress.phrasings);
    let sets: Vec<String> = ["handoff.tsv", "distress.tsv"].iter().flat_map(|file| texts(file)).collect();
    assert!(known.into_iter().all(|phrasing| !sets.contains(phrasing)), "the sets are not learned from");
}

#[test]
fn nobody_who_did_not_write_to_the_bot_is_answered() {
    for text in [WISH, DESPAIR] {
        assert_eq!(decided(text, Place::Overheard), Outcome::Silent);
    }
    assert_eq!(decided(WISH, Place::Addressed), Outcome::Handoff);
    assert_eq!(decided("ভাই কোর্সে সব টাকা গেছে। আমি আর বাঁচতে চাই না। কী করব?", Place::Private), Outcome::Distress);
}

#[test]
fn ask_names_the_outcomes() {
    let content = content();
    let line = |text: &str| -> Value {
        serde_json::from_str(&stdout(
            &uttor().args(["ask", "--json", "--faq"]).arg(content.path()).arg(text).output().unwrap(),
        ))
        .unwrap()
    };
    let wish = line(WISH);
    assert_eq!((&wish["outcome"], &wish["entry"]), (&json!("handoff"), &Value::Null));
    let despair = line(DESPAIR);
    assert_eq!(despair["outcome"], "distress");
    let reply = despair["reply"].as_str().unwrap();
    assert!(reply.contains("999") && !reply.contains("http"), "{reply}");
}

#[tokio::test]
async fn the_web_shows_the_contact_or_says_that_there_is_none() {
    let content = content();
    for (contact, url) in [
        (None, None),
        (Some("@guide_owner"), Some("https://t.me/guide_owner")),
        (Some("https://example.org/us"), Some("https://example.org/us")),
        (Some("mailto:us@example.org"), None),
    ] {
        let settings: Vec<_> = contact.map(|contact| ("CONTACT", contact)).into_iter().collect();
        let app = TestApp::start_with(content.path(), &settings).await;
        let wish = app.ask(WISH).await;
        assert_eq!(wish["outcome"], "handoff");
        assert_eq!(wish["buttons"][0]["url"].as_str(), url);
        let reply = wish["reply"].as_str().unwrap();
        assert_eq!(reply.contains("ঠিকানাও আমাকে দেওয়া হয়নি"), contact.is_none(), "{reply}");
        assert_eq!(reply.contains("us@example.org"), contact == Some("mailto:us@example.org"), "{reply}");
        let despair = app.ask(DESPAIR).await;
        assert_eq!((&despair["outcome"], &despair["buttons"]), (&json!("distress"), &json!([])));
        app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn telegrams_operators_are_told_without_the_text() {
    let content = content();
    for (set, with_text) in [("off", false), ("on", true)] {
        let settings = [("OPERATORS", "7002"), ("HANDOFF_TEXT", set), ("CONTACT", "@configured_one")];
        let rig = Rig::with_content(content.path(), Telegram::start().await, Mode::Polling, &settings).await;
        let telegram = &rig.telegram;
        let (rahima, operator) = (private(telegram, RAHIMA), private(telegram, OPERATOR));
        telegram.says(rahima, RAHIMA, WISH);
        let told = telegram.wait("the notice", |world| world.sent(operator).first().cloned()).await;
        assert!(told.text.contains("Telegram"), "{}", told.text);
        assert_eq!(told.text.contains(WISH), with_text, "{}", told.text);
        assert!(told.buttons().any(|button| button["url"] == format!("tg://user?id={RAHIMA}")));
        let reply = telegram.wait("the reply", |world| world.sent(rahima).first().cloned()).await;
        assert!(reply.buttons().any(|button| button["url"] == "https://t.me/configured_one"));
        // What the operators set goes first, and they are told once.
        telegram.says(operator, OPERATOR, "/contact @guide_owner");
        telegram.wait("the setting", |world| world.sent(operator).get(1).cloned()).await;
        telegram.says(rahima, RAHIMA, WISH);
        let reply = telegram.wait("the reply", |world| world.sent(rahima).get(1).cloned()).await;
        assert!(reply.buttons().any(|button| button["url"] == "https://t.me/guide_owner"));
        telegram.says(rahima, RAHIMA, DESPAIR);
        let despair = telegram.wait("the help lines", |world| world.sent(rahima).get(2).cloned()).await;
        assert!(despair.text.contains("999") && despair.labels().is_empty(), "{}", despair.text);
        assert_eq!(telegram.world(|world| world.sent(operator).len()), 2);
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn on_messenger_the_bot_pauses_unseen_and_promises_nothing_that_nobody_keeps() {
    let content = content();
    let telegram = Telegram::start().await;
    private(&telegram, OPERATOR);
    let with_staff: Vec<(&str, &str)> =
        telegram.settings().into_iter().chain([("OPERATORS", "7002")]).collect();
    for (settings, line) in [(Vec::new(), "তা আমি জানি না"), (with_staff, "উত্তর দেবেন")]
    {
        let page = Page::start_at(content.path(), &settings).await;
        if !settings.is_empty() {
            eventually("Telegram", async || {
                telegram.world(|world| world.calls_of("GetUpdates").next().map(drop))
            })
            .await;
        }
        page.deliver(&[says("51", "m_51a", WISH)]).await;
        let told = page.answer("51", 0).await;
        assert!(told.text().contains(line), "{}", told.text());
        page.deliver(&[says("51", "m_51b", "ছাদে কি বাগান করা যায়?"), says("52", "m_52", DESPAIR)]).await;
        let despair = page.answer("52", 0).await;
        assert!(despair.text().contains("999") && despair.titles().is_empty(), "{}", despair.text());
        eventually("silence", async || {
            (page.count("uttor_messenger_events_total{what=\"paused\"}").await == 1).then_some(())
        })
        .await;
        assert!(page.graph.world(|world| world.actions.is_empty()), "it was marked as seen");
        if !settings.is_empty() {
            let told = telegram.wait("the notice", |world| world.sent(OPERATOR).first().cloned()).await;
            assert!(told.text.contains("Messenger") && !told.text.contains(WISH), "{}", told.text);
            assert!(
                told.buttons()
                    .any(|button| button["url"].as_str().unwrap().contains("business.facebook.com"))
            );
        }
        page.app.stop().await.unwrap();
    }
}

#[test]
fn check_reads_both_files() {
    let folder = tempfile::tempdir().unwrap();
    for file in fs::read_dir(root().join("tests/it/tea")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    let sound = "reply = \"শুনুন\"\nphrasings = [\"mon valo nei ekdom\"]\n[[lines]]\nname = \"জরুরি\"\nnumber = \"999\"\n\
        source = \"https://example.org/\"\nchecked = 2020-01-31\n";
    for (old, new, expected) in [
        ("", "", "distress.toml:7: warning: the number 999 was checked on 2020-01-31, over a year ago"),
        ("\"999\"", "\"call us\"", "distress.toml:5: error: \"call us\" is no number to call"),
        ("https://example.org/", "a friend", "distress.toml:6: error: \"a friend\" is no web address"),
        ("2020-01-31", "12:00:00", "distress.toml:7: error: 12:00:00 is no date"),
        ("mon valo nei ekdom", "tea price", "error: “tea price” stands in"),
    ] {
        fs::write(folder.path().join("distress.toml"), sound.replacen(old, new, 1)).unwrap();
        let output = uttor().args(["check", "--faq"]).arg(folder.path()).output().unwrap();
        let found = String::from_utf8(output.stdout).unwrap();
        assert!(found.contains(expected), "{expected}\n{found}");
    }
}
