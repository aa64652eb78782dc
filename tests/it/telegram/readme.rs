//! The README's section on Telegram, followed by a newcomer with the program as it is, step by step.

use std::collections::BTreeSet;
use std::fs;
use std::process::Child;

use serde_json::json;
use tempfile::TempDir;

use super::group::{GROUP, RAHIMA, answer};
use super::teaching::pressed;

use crate::support::app::eventually;
use crate::support::serving::{signal, started, uttor};
use crate::support::telegram::{BOT_NAME, Posted, TOKEN, Telegram, group, private};

/// Who made the bot and the group, and whose number stands in `OPERATORS`.
const OWNER: i64 = 1;
const QUESTION: &str = "mobile diye ki freelancing kora jay";
const ARTICLE: &str = "https://example.org/guide";

fn section() -> &'static str {
    let readme = include_str!("../../../README.md");
    readme.split("\n## Telegram\n").nth(1).unwrap().split("\n## ").next().unwrap()
}

/// What stands in backticks in the steps.
fn named() -> BTreeSet<&'static str> {
    let steps = section().split("\n| setting").next().unwrap();
    steps.split('`').skip(1).step_by(2).collect()
}

/// What the story below does, sees, or is done at Telegram's side.
const TRIED: [&str; 23] = [
    "/newbot",
    "bot",
    ".env",
    "TELOXIDE_TOKEN=…",
    "ARTICLE_URL",
    "PUBLIC_URL",
    "uttor",
    "/readyz",
    "/start",
    "/setinline",
    "@yourbot question",
    "/ask question",
    "/ask",
    "/setprivacy",
    "/status",
    "/settings",
    "/teach",
    "/add",
    "/mine",
    "/unanswered",
    "/why",
    "OPERATORS",
    "/contact @name",
];

#[test]
fn the_newcomer_tries_what_the_readme_names() {
    assert_eq!(named(), BTreeSet::from(TRIED), "the story below tries each");
}

/// What is said next in `chat` when somebody says something.
async fn says(telegram: &Telegram, chat: i64, who: i64, text: &str) -> Posted {
    let before = telegram.world(|world| world.sent(chat).len());
    telegram.says(chat, who, text);
    next(telegram, chat, before, text).await
}

async fn replies(telegram: &Telegram, who: i64, to: i64, text: &str) -> Posted {
    let before = telegram.world(|world| world.sent(GROUP).len());
    telegram.replies(GROUP, who, to, text);
    next(telegram, GROUP, before, text).await
}

async fn next(telegram: &Telegram, chat: i64, before: usize, what: &str) -> Posted {
    telegram.wait(what, |world| world.sent(chat).get(before).cloned()).await
}

/// Presses a button; what the message becomes.
async fn press(telegram: &Telegram, shown: &Posted, label: &str) -> Posted {
    let now = telegram.world(|world| world.chats[&shown.chat].messages[&shown.id].clone());
    telegram.presses(shown.chat, OWNER, shown.id, &now.data(label));
    telegram
        .wait(label, |world| {
            let posted = &world.chats[&shown.chat].messages[&shown.id];
            (posted.edits > now.edits).then(|| posted.clone())
        })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_gets_from_the_token_to_a_group_that_is_answered_and_taught() {
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    // A bot that was just made: nobody has touched its privacy mode.
    telegram.world(|world| world.me["can_read_all_group_messages"] = json!(false));

    let child = token_and_start(&telegram, &folder).await;
    inline(&telegram).await;
    in_the_group(&telegram).await;
    tuned_and_taught(&telegram).await;
    by_the_operator(&telegram).await;

    signal(&child, "-TERM");
    let mut child = child;
    assert!(child.wait().unwrap().success());
}

/// Steps 1 and 2: `.env`, the start, readiness, the commands, `/start`.
async fn token_and_start(telegram: &Telegram, folder: &TempDir) -> Child {
    let env = format!("TELOXIDE_TOKEN={TOKEN}\nARTICLE_URL={ARTICLE}\nOPERATORS={OWNER}\n");
    fs::write(folder.path().join(".env"), env).unwrap();
    let mut command = uttor(folder.path());
    let (child, address) =
        started(command.env("TELOXIDE_API_URL", &telegram.url).env("TELEGRAM_LIMITS", "off"));
    let ready = format!("http://{address}/readyz");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    eventually("readiness", || async {
        client.get(&ready).send().await.unwrap().status().is_success().then_some(())
    })
    .await;
    telegram
        .wait("its commands", |world| {
            let names = &world.commands.get(&("all_chat_administrators".to_owned(), "bn".to_owned()))?;
            names.as_array()?.iter().any(|command| command["command"] == "settings").then_some(())
        })
        .await;
    private(telegram, OWNER);
    let welcome = says(telegram, OWNER, OWNER, "/start").await;
    assert!(welcome.text.starts_with("স্বাগতম!"), "{}", welcome.text);
    let answered = says(telegram, OWNER, OWNER, QUESTION).await;
    assert!(
        answered.buttons().any(|button| button["url"].as_str().is_some_and(|url| url.starts_with(ARTICLE))),
        "{}",
        answered.params
    );
    child
}

/// Step 3.
async fn inline(telegram: &Telegram) {
    let query = telegram.inline(RAHIMA, QUESTION);
    let results = telegram
        .wait("results", |world| {
            let mut calls = world.calls_of("answerInlineQuery");
            calls.find(|call| call.params["inline_query_id"] == query.as_str()).cloned()
        })
        .await;
    assert_eq!(results.params["results"][0]["id"], "mobile");
}

/// Step 4: added, asked in each way, told what it hears, made an administrator.
async fn in_the_group(telegram: &Telegram) {
    group(telegram, GROUP);
    telegram.world(|world| world.chats.get_mut(&GROUP).unwrap().bot = "left");
    telegram.bot_becomes(GROUP, OWNER, "member");
    let greeting = answer(telegram, 0).await;
    assert!(greeting.text.contains("/ask"), "{}", greeting.text);
    let answered = says(telegram, GROUP, RAHIMA, &format!("/ask {QUESTION}")).await;
    assert!(answered.labels().contains(&"👍".to_owned()), "{}", answered.text);
    let asked = telegram.message(GROUP, RAHIMA, &json!({ "text": "freelancing shikhte koto taka lage?" }));
    let relayed = replies(telegram, OWNER, asked["message_id"].as_i64().unwrap(), "/ask").await;
    assert_eq!(relayed.replies_to(), asked["message_id"].as_i64(), "{}", relayed.text);
    let answered = replies(telegram, RAHIMA, relayed.id, "shikhte koto din lage?").await;
    assert!(answered.labels().contains(&"👍".to_owned()), "{}", answered.text);
    let status = says(telegram, GROUP, RAHIMA, "/status").await;
    assert!(status.text.contains("/setprivacy"), "it says how to mend it: {}", status.text);
    telegram.bot_becomes(GROUP, OWNER, "administrator");
    let status = says(telegram, GROUP, RAHIMA, "/status").await;
    assert!(status.text.contains("সব বার্তা দেখতে পাই"), "{}", status.text);
    let mention = format!("@{BOT_NAME} freelancing er khoti ki ki?");
    let answered = says(telegram, GROUP, RAHIMA, &mention).await;
    assert!(answered.labels().contains(&"👍".to_owned()), "{}", answered.text);
}

/// Step 5, in the group.
async fn tuned_and_taught(telegram: &Telegram) {
    let menu = says(telegram, GROUP, OWNER, "/settings").await;
    let values = press(telegram, &menu, "না ডাকলেও উত্তর").await;
    press(telegram, &values, "চালু").await;
    let unasked = says(telegram, GROUP, RAHIMA, "ফ্রিল্যান্সিং করে টাকা তুলব কীভাবে?").await;
    assert!(unasked.labels().contains(&"👍".to_owned()), "{}", unasked.text);
    let why = replies(telegram, OWNER, unasked.id, "/why").await;
    assert!(why.text.starts_with("যা বুঝেছি:"), "{}", why.text);

    let odd = telegram.says(GROUP, RAHIMA, "আমাগো এলাকার সমিতি খুলে কবে");
    let shown = replies(telegram, OWNER, odd, "/teach").await;
    let asks = pressed(telegram, OWNER, &shown, "নতুন প্রশ্ন").await;
    assert!(asks.text.contains("এর উত্তর এই বার্তার"), "{}", asks.text);
    let kept = replies(telegram, OWNER, asks.id, "প্রতি শুক্রবার সকালে।").await;
    assert!(kept.text.starts_with("যোগ করা হয়েছে"), "{}", kept.text);

    let asks = says(telegram, GROUP, OWNER, "/add").await;
    let asks = replies(telegram, OWNER, asks.id, "আমাদের আড্ডা কবে বসে?").await;
    let kept = replies(telegram, OWNER, asks.id, "প্রতি সোমবার বিকালে।").await;
    assert!(kept.text.starts_with("যোগ করা হয়েছে"), "{}", kept.text);
    let answered = says(telegram, GROUP, RAHIMA, "/ask আমাদের আড্ডা কবে বসে?").await;
    assert!(answered.text.contains("সোমবার বিকালে"), "{}", answered.text);
    let mine = says(telegram, GROUP, OWNER, "/mine").await;
    assert!(mine.text.contains("আড্ডা") && mine.text.contains("সমিতি"), "{}", mine.text);

    let asked = says(telegram, GROUP, RAHIMA, "/ask পাসপোর্ট করতে কী লাগে").await;
    let linked = says(telegram, GROUP, OWNER, "/unanswered").await;
    let link = linked.buttons().next().unwrap()["url"].as_str().unwrap().to_owned();
    let start = link.split_once("?start=").unwrap().1;
    eventually("the group's list", || async {
        let list = says(telegram, OWNER, OWNER, &format!("/start {start}")).await;
        list.text.contains("পাসপোর্ট").then_some(())
    })
    .await;
    assert!(!asked.labels().contains(&"👍".to_owned()), "{}", asked.text);
}

/// Step 5, in private.
async fn by_the_operator(telegram: &Telegram) {
    private(telegram, RAHIMA);
    says(telegram, RAHIMA, RAHIMA, "পাসপোর্ট করতে কী লাগে").await;
    let list = eventually("the list of all", || async {
        let list = says(telegram, OWNER, OWNER, "/unanswered").await;
        list.text.contains("পাসপোর্ট").then_some(list)
    })
    .await;
    let ignored = press(telegram, &list, "এর উত্তর দেবেন না").await;
    assert!(ignored.text.starts_with("বাদ দেওয়া হয়েছে"), "{}", ignored.text);
    says(telegram, OWNER, OWNER, "/contact @guide_owner").await;
    let fallback = says(telegram, RAHIMA, RAHIMA, "আজকে খেলার স্কোর কত").await;
    let link = fallback.buttons().any(|button| button["url"] == "https://t.me/guide_owner");
    assert!(link, "{:?}", fallback.labels());
}
