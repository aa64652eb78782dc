//! A group's own answers: their formatting and pictures, where they go before the guide's, and in another group.

use serde_json::{Value, json};

use uttor::store::Deletion;

use super::teaching::{press, pressed, says};
use super::{Mode, Rig};
use crate::support::telegram::{Posted, Telegram, group, now, private};

const GROUP: i64 = -100_500;
const OTHER: i64 = -100_600;
const ADMIN: i64 = 1;
const RAHIMA: i64 = 7_001;
const ASK: &str = "/ask আমাদের বাগানের মেলা কবে?";

async fn rig(mode: Mode) -> Rig {
    let rig = Rig::start_with(mode, &[("TELEGRAM_LIMITS", "off")]).await;
    group(&rig.telegram, GROUP);
    rig
}

async fn in_both<F: Future<Output = ()>>(story: impl Fn(Rig) -> F) {
    for mode in [Mode::Polling, Mode::Webhook] {
        story(rig(mode).await).await;
    }
}

/// What the bot says next in the group as the admin posts something.
async fn posts(telegram: &Telegram, more: &Value) -> Posted {
    let before = telegram.world(|world| world.sent(GROUP).len());
    telegram.posts(GROUP, ADMIN, more);
    telegram.wait("a word", |world| world.sent(GROUP).get(before).cloned()).await
}

fn photo(file: &str) -> Value {
    json!([{ "file_id": "small", "width": 1, "height": 1 }, { "file_id": file, "width": 9, "height": 9 }])
}

fn has(sent: &Posted, words: &str) {
    assert!(sent.text.contains(words), "{words}: {}", sent.text);
}

#[tokio::test]
async fn the_formatting_of_an_answer_stays() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let asks = says(telegram, GROUP, ADMIN, "/add আমাদের বাগানের মেলা কবে?").await;
        let shown = telegram.shown(GROUP, asks.id);
        let answer = json!({
            "text": "প্রতি শুক্রবার:\n• চারা\n• সার\nফর্ম এখানে", "reply_to_message": shown,
            "entities": [
                { "type": "bold", "offset": 6, "length": 8 },
                { "type": "text_link", "offset": 34, "length": 5, "url": "https://example.org/form" },
            ],
        });
        has(&posts(telegram, &answer).await, "যোগ করা হয়েছে");
        let answered = says(telegram, GROUP, RAHIMA, ASK).await;
        let html = answered.params["text"].as_str().unwrap();
        assert!(html.contains("<b>শুক্রবার</b>") && html.contains("• চারা\n• সার"), "{html}");
        assert!(html.contains("এখানে (https://example.org/form)"), "{html}");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_picture_goes_with_an_answer_until_it_is_taken_away() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let asks = says(telegram, GROUP, ADMIN, "/add আমাদের বাগানের মেলা কবে?").await;
        let shown = telegram.shown(GROUP, asks.id);
        let bare = json!({ "photo": photo("poster"), "reply_to_message": shown });
        let again = posts(telegram, &bare).await;
        has(&again, "ক্যাপশনে");
        let shown = telegram.shown(GROUP, again.id);
        let whole = json!({ "photo": photo("poster"), "caption": "প্রতি শুক্রবার।", "reply_to_message": shown });
        has(&posts(telegram, &whole).await, "ছবি থাকবে");
        let answered = says(telegram, GROUP, RAHIMA, ASK).await;
        assert_eq!(answered.params["photo"], "poster");
        has(&answered, "প্রতি শুক্রবার।");
        assert!(answered.labels().contains(&"👍".to_owned()), "{:?}", answered.labels());
        let mine = says(telegram, GROUP, ADMIN, "/mine").await;
        press(telegram, ADMIN, &mine, "✏️").await;
        has(&press(telegram, ADMIN, &mine, "ছবি সরান").await, "যোগ করা হয়েছে");
        let answered = says(telegram, GROUP, 7_002, ASK).await;
        assert!(answered.params["photo"].is_null(), "{}", answered.params);
        // A file that Telegram no longer has costs the picture only.
        let gone = json!({ "photo": photo("gone"), "caption": "/add চারার হাট কোথায়? | থানার মাঠে।" });
        has(&posts(telegram, &gone).await, "ছবি থাকবে");
        has(&says(telegram, GROUP, RAHIMA, "/ask চারার হাট কোথায়?").await, "থানার মাঠে");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn own_entries_are_copied_to_another_group_of_the_same_admin() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        says(telegram, GROUP, ADMIN, "/add আমাদের বাগানের মেলা কবে? | প্রতি শুক্রবার।").await;
        let mine = says(telegram, GROUP, ADMIN, "/mine").await;
        has(&press(telegram, ADMIN, &mine, "কপি").await, "আর কোনো গ্রুপ পেলাম না");
        group(telegram, OTHER);
        says(telegram, OTHER, ADMIN, "/settings").await;
        let mine = says(telegram, GROUP, ADMIN, "/mine").await;
        let shown = press(telegram, ADMIN, &mine, "কপি").await;
        has(&shown, "কোন গ্রুপে");
        has(&press(telegram, ADMIN, &mine, "বাগানের আড্ডা").await, "১টি প্রশ্নোত্তর কপি");
        has(&says(telegram, OTHER, RAHIMA, ASK).await, "শুক্রবার");
        // Whoever is admin of one of them only is not shown the other.
        telegram.world(|world| {
            world.chats.get_mut(&GROUP).unwrap().members.insert(RAHIMA, "administrator");
        });
        let rig = rig.restart().await;
        let telegram = &rig.telegram;
        let mine = says(telegram, GROUP, RAHIMA, "/mine").await;
        has(&press(telegram, RAHIMA, &mine, "কপি").await, "আর কোনো গ্রুপ পেলাম না");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_group_chooses_whether_its_own_entries_go_first() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let guide = says(telegram, GROUP, RAHIMA, "/ask জৈব সার কীভাবে বানাব?").await;
        says(telegram, GROUP, ADMIN, "/add জৈব সার কীভাবে বানাব? | রান্নাঘরে জিজ্ঞেস করুন।").await;
        has(&says(telegram, GROUP, 7_002, "/ask জৈব সার কীভাবে বানাব?").await, "রান্নাঘরে");
        let menu = says(telegram, GROUP, ADMIN, "/settings").await;
        press(telegram, ADMIN, &menu, "নিজের উত্তর আগে").await;
        press(telegram, ADMIN, &menu, "বন্ধ").await;
        telegram.says(GROUP, 7_003, "/ask জৈব সার কীভাবে বানাব?");
        let first = guide.text.lines().next().unwrap().to_owned();
        telegram
            .wait("the guide's answer, or the link to it", |world| {
                let last = world.sent(GROUP).last().cloned()?;
                (last.text.contains(&first) || last.text.contains("ওপরে")).then_some(())
            })
            .await;
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn commands_and_menus_are_removed_after_a_while_and_answers_are_not() {
    in_both(async |rig| {
        let telegram = rig.telegram.clone();
        let answered = says(&telegram, GROUP, RAHIMA, "/ask জৈব সার কীভাবে বানাব?").await;
        let command = telegram.says(GROUP, ADMIN, "/settings");
        let menu = telegram.wait("the menu", |world| world.sent(GROUP).get(1).cloned()).await;
        let rig = rig.restart().await;
        let store = rig.store().await;
        let due = store.claim_due("telegram", 9, now() + 3_601).await.unwrap();
        let is_due = |message: i64| {
            let (chat, message) = (GROUP.to_string(), message.to_string());
            due.contains(&Deletion { channel: "telegram".to_owned(), chat, message })
        };
        assert!(is_due(command) && is_due(menu.id) && !is_due(answered.id), "{due:?}");
        store.close().await;
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_a_private_chat_publishes_keeps_its_formatting_and_picture() {
    let rig = Rig::start_with(Mode::Polling, &[("TELEGRAM_LIMITS", "off"), ("OPERATORS", "9")]).await;
    let telegram = &rig.telegram;
    let (operator, rahima) = (private(telegram, 9), private(telegram, RAHIMA));
    let before = telegram.world(|world| world.sent(operator).len());
    let caption = "/add পাসপোর্ট করতে কী লাগে? | আবেদন লাগে।";
    telegram.posts(
        operator,
        9,
        &json!({
            "photo": photo("form"), "caption": caption,
            "caption_entities": [{ "type": "bold", "offset": 30, "length": 5 }],
        }),
    );
    let shown = telegram.wait("the preview", |world| world.sent(operator).get(before).cloned()).await;
    has(&shown, "ছবি থাকবে");
    has(&press(telegram, 9, &shown, "প্রকাশ করুন").await, "যোগ করা হয়েছে");
    let answered = says(telegram, rahima, RAHIMA, "পাসপোর্ট করতে কী লাগে?").await;
    assert_eq!(answered.params["photo"], "form");
    assert!(answered.params["caption"].as_str().unwrap().contains("<b>আবেদন</b>"), "{}", answered.params);
    pressed(telegram, RAHIMA, &answered, "👎").await;
    rig.app.stop().await.unwrap();
}
