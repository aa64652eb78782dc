//! A guide in English is in English throughout: on the pages, in Telegram and in Messenger no Bengali letter is sent.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use uttor::faq::starter::{Outset, files, with_order};
use uttor::library::source::Source;

use crate::messenger::Rig as Inbox;
use crate::support::app::{TestApp, garden};
use crate::support::graph::{presses, says};
use crate::support::program::{stdout, uttor_with};
use crate::support::telegram::{Telegram, group, private};
use crate::telegram::{Mode, Rig};

const ENTRIES: [(&str, &str, &str, &[&str]); 3] = [
    (
        "member",
        "How do I become a member of the library?",
        "Fill in the form and pay fifty taka; the card is ready the same day.",
        &[
            "how can I join the library",
            "I want a library card",
            "what do I need to become a member",
            "where is the form",
        ],
    ),
    (
        "books",
        "How many books may I take home at once?",
        "Three at once, for two weeks.",
        &[
            "how many books can I borrow",
            "may I take five books",
            "is there a limit on books",
            "for how long can I keep books",
        ],
    ),
    (
        "lost",
        "What happens if I lose a book?",
        "Tell the office; the price of the book is to be paid.",
        &[
            "I lost a book",
            "my book is gone, what now",
            "do I pay for a lost book",
            "a page of my book is torn",
        ],
    ),
];

/// A guide such as `uttor new --language en` begins, with entries.
fn library() -> TempDir {
    let folder = TempDir::new().unwrap();
    let outset = Outset {
        title: "The town library".to_owned(),
        language: "en".to_owned(),
        subject: vec!["library".to_owned()],
        ..Outset::default()
    };
    for (name, text) in files(&outset) {
        let ids: Vec<&str> = ENTRIES.iter().map(|(id, ..)| *id).collect();
        let text = if name == "guide.toml" { with_order(&text, &ids).unwrap() } else { text };
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    for (id, question, answer, phrasings) in ENTRIES {
        let related: &[&str] = if id == "books" { &[] } else { &["books"] };
        let fields = [
            ("question", json!(question)),
            ("label", json!(id)),
            ("answer", json!(answer)),
            ("related", json!(related)),
            ("phrasings", json!(phrasings)),
        ];
        // A string or a list of strings is the same in JSON and in TOML.
        let text: String = fields.map(|(name, value)| format!("{name} = {value}\n")).concat();
        std::fs::write(folder.path().join(format!("{id}.toml")), text).unwrap();
    }
    folder
}

/// Nothing of `text` is in Bengali script.
fn is_english(what: &str, text: &str) {
    assert!(!text.chars().any(|c| ('\u{980}'..='\u{9ff}').contains(&c)), "{what}: {text}");
}

#[tokio::test]
async fn the_pages_and_the_api_are_in_english() {
    let folder = library();
    let app = TestApp::start_with(folder.path(), &[]).await;
    for path in ["/", "/guide", "/nowhere"] {
        let page =
            app.client.get(format!("{}{path}", app.url)).header("accept", "text/html").send().await.unwrap();
        let page = page.text().await.unwrap();
        is_english(path, &page);
        assert!(page.contains("<html lang=\"en\">"), "{page}");
    }
    assert!(app.get("/guide").await.text().await.unwrap().contains("Contents"));
    for text in [
        "how can I join the library",
        "books",
        "do you sell airline tickets?",
        "hello",
        "thanks a lot",
        "topics",
        "none-of-these",
        "entry:gone",
        "😀",
    ] {
        is_english(text, &app.ask(text).await.to_string());
    }
    for helpful in [true, false] {
        let (_, reply) = app.post("/api/feedback", &json!({ "entry": "lost", "helpful": helpful })).await;
        is_english("feedback", &reply.to_string());
    }
    app.stop().await.unwrap();
    // Quiet hours and days by the guide's time, or else by its language's.
    let offset = |folder: &Path| Source::Folder(folder.to_owned()).load().unwrap().guide.utc_offset;
    assert_eq!((offset(folder.path()), offset(&garden())), (0, 360));
    let checked = stdout(&uttor_with(folder.path(), "check").output().unwrap());
    assert!(checked.contains(" 0 errors, "), "{checked}");
}

/// Says it and waits until the bot has written there.
async fn say(telegram: &Telegram, chat: i64, from: i64, text: &str) {
    let before = telegram.world(|world| world.sent(chat).len());
    telegram.says(chat, from, text);
    telegram.wait(text, |world| (world.sent(chat).len() > before).then_some(())).await;
}

/// Presses a button and waits for the notice.
async fn press(telegram: &Telegram, chat: i64, from: i64, message: i64, data: &str) {
    let press = telegram.presses(chat, from, message, data);
    telegram.wait(data, |world| world.presses[&press].then_some(())).await;
}

#[tokio::test]
async fn telegram_is_in_english() {
    const GROUP: i64 = -100_500;
    const ADMIN: i64 = 1;
    let folder = library();
    let telegram = Telegram::start().await;
    let rig = Rig::with_content(
        folder.path(),
        telegram,
        Mode::Polling,
        &[("TELEGRAM_LIMITS", "off"), ("OPERATORS", "1")],
    )
    .await;
    let telegram = &rig.telegram;
    let chat = private(telegram, ADMIN);
    for text in [
        "/start",
        "/help",
        "/topics",
        "/privacy",
        "/ask",
        "/nonsense",
        "/settings",
        "/why",
        "/cancel",
        "/contact",
        "/contact off",
        "/unanswered",
        "/mine",
        "/log",
        "hello",
        "how many books can I borrow",
        "do you sell airline tickets?",
        "/add",
        "/cancel",
        "/add When is it open? | From nine to five.",
        "/forget",
    ] {
        say(telegram, chat, ADMIN, text).await;
    }
    let answers = telegram.world(|world| world.sent(chat));
    for sent in &answers {
        for label in
            sent.labels().into_iter().filter(|label| ["👍", "👎", "All topics"].contains(&label.as_str()))
        {
            press(telegram, chat, ADMIN, sent.id, &sent.data(&label)).await;
        }
    }
    press(telegram, chat, ADMIN, answers[0].id, "0old").await;
    group(telegram, GROUP);
    telegram.world(|world| world.chats.get_mut(&GROUP).unwrap().bot = "left");
    telegram.bot_becomes(GROUP, ADMIN, "member");
    telegram.wait("a welcome", |world| (!world.sent(GROUP).is_empty()).then_some(())).await;
    for text in [
        "/help",
        "/ask",
        "/ask how many books can I borrow",
        "/status",
        "/mine",
        "/add",
        "/unanswered",
        "/settings",
    ] {
        say(telegram, GROUP, ADMIN, text).await;
    }
    let menu = telegram.world(|world| world.sent(GROUP).last().cloned()).unwrap();
    for button in menu.buttons().filter_map(|button| button["callback_data"].as_str()) {
        press(telegram, GROUP, ADMIN, menu.id, button).await;
    }
    let calls = telegram.world(|world| {
        world.calls.iter().map(|call| (call.method.clone(), call.params.to_string())).collect::<Vec<_>>()
    });
    for (method, params) in &calls {
        is_english(method, params);
    }
    let set: Vec<_> = calls.iter().filter(|(method, _)| method.to_lowercase().starts_with("setmy")).collect();
    assert!(set.iter().any(|(_, params)| params.contains("Write your question about library.")), "{set:?}");
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn messenger_is_in_english() {
    let folder = library();
    let rig = Inbox::start_at(folder.path(), &[("MESSENGER_COMMENTS", "public")]).await;
    let events: [(&str, Value); 9] = [
        ("start", presses("11", "m_0", "Get started", "start")),
        ("answer", says("11", "m_1", "how many books can I borrow")),
        ("fallback", says("11", "m_2", "do you sell airline tickets?")),
        ("topics", presses("11", "m_3", "All topics", "topics")),
        ("privacy", presses("11", "m_4", "Privacy", "privacy")),
        ("helpful", presses("11", "m_5", "👍", "helpful:lost")),
        ("forget", presses("11", "m_6", "Delete my data", "forget")),
        ("person", presses("11", "m_7", "Talk to a person", "person")),
        ("bot", presses("11", "m_8", "Ask the bot", "bot")),
    ];
    let mut sent = 0;
    for (what, event) in events {
        rig.deliver(&[event]).await;
        is_english(what, &rig.answer("11", sent).await.message.to_string());
        sent = rig.graph.world(|world| world.sent_to("11").len());
    }
    let settings: Vec<(String, String)> =
        rig.graph.settings().iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let faq = folder.path().to_owned();
    let setup = move || uttor_with(&faq, "messenger").arg("setup").envs(settings).output().unwrap();
    let output = tokio::task::spawn_blocking(setup).await.unwrap();
    assert!(output.status.success(), "{output:?}");
    let profile = rig.graph.world(|world| world.profile.clone());
    assert_eq!(profile["persistent_menu"][0]["call_to_actions"][0]["title"], "All topics");
    for call in
        rig.graph.world(|world| world.calls.iter().map(|call| call.body.to_string()).collect::<Vec<_>>())
    {
        is_english("a request", &call);
    }
    rig.app.stop().await.unwrap();
}
