//! Invalid steps of a dialogue: what is said of them, and that the dialogue goes on.

use serde_json::{Value, json};

use super::group::{GROUP, RAHIMA};
use super::teaching::{press, pressed, says};
use super::unprompted::start;
use super::{Mode, Rig};
use crate::support::app::eventually;
use crate::support::telegram::{Posted, Telegram, private};

const EMOJI: &str = "🙂🙂";

/// What the bot says next in `chat` as person 1 posts something.
async fn posts(telegram: &Telegram, chat: i64, more: &Value) -> Posted {
    let before = telegram.world(|world| world.sent(chat).len());
    telegram.posts(chat, 1, more);
    telegram.wait("a word", |world| world.sent(chat).get(before).cloned()).await
}

/// The same as a reply to the bot's last word.
async fn replies(telegram: &Telegram, to: &Posted, more: &Value) -> Posted {
    let mut more = more.clone();
    more["reply_to_message"] = telegram.shown(to.chat, to.id);
    posts(telegram, to.chat, &more).await
}

fn starts(sent: &Posted, words: &str) {
    assert!(sent.text.starts_with(words), "{words}: {}", sent.text);
}

#[tokio::test]
async fn a_groups_own_entry_is_among_its_topics_and_the_other_entries() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[]).await;
        let telegram = &rig.telegram;
        let mut last = posts(telegram, GROUP, &json!({ "text": "/add" })).await;
        last = replies(telegram, &last, &json!({ "text": "মেলা কবে?" })).await;
        starts(&replies(telegram, &last, &json!({ "text": "প্রতি শুক্রবার।" })).await, "যোগ করা হয়েছে");
        let topics = says(telegram, GROUP, RAHIMA, "/topics").await;
        assert_eq!(topics.labels().first().unwrap(), "মেলা কবে?");
        let before = telegram.world(|world| world.sent(GROUP).len());
        telegram.presses(GROUP, RAHIMA, topics.id, &topics.data("মেলা"));
        let answer = telegram.wait("the answer", |world| world.sent(GROUP).get(before).cloned()).await;
        starts(&answer, "প্রতি শুক্রবার।");
        let asked = telegram.message(GROUP, RAHIMA, &json!({ "text": "মেলাটা কোন দিন বসে ভাই" }));
        let shown = posts(telegram, GROUP, &json!({ "text": "/teach", "reply_to_message": asked })).await;
        let others = press(telegram, 1, &shown, "অন্য বিষয়").await;
        assert_eq!(others.labels().len(), 6);
        starts(&press(telegram, 1, &shown, "মেলা কবে?").await, "শেখানো হয়েছে");
        let elsewhere = private(telegram, RAHIMA);
        let topics = says(telegram, elsewhere, RAHIMA, "/topics").await;
        assert!(!topics.labels().contains(&"মেলা কবে?".to_owned()), "it is the group's alone");
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn an_invalid_step_of_a_dialogue_is_refused_and_asked_for_again() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[]).await;
        let telegram = &rig.telegram;
        let photo = json!([{ "file_id": "p", "width": 1, "height": 1 }]);
        let others = [
            (json!({ "text": EMOJI }), "এতে কোনো কথা পেলাম না"),
            (json!({ "sticker": { "file_id": "s" } }), "এখানে শুধু লেখা দেওয়া যায়"),
            (json!({ "photo": photo, "caption": "মেলা কবে?" }), "এখানে শুধু লেখা দেওয়া যায়"),
        ];
        let mut last = posts(telegram, GROUP, &json!({ "text": "/add" })).await;
        starts(&last, "প্রশ্নটি এই বার্তার রিপ্লাইয়ে লিখুন");
        for (turn, hint) in &others {
            last = replies(telegram, &last, turn).await;
            starts(&last, hint);
        }
        last = replies(telegram, &last, &json!({ "text": "ক".repeat(301) })).await;
        starts(&last, "লেখাটি বেশি বড়: ৩০১ অক্ষর, সর্বোচ্চ ৩০০ অক্ষর");
        last = replies(telegram, &last, &json!({ "text": "মেলা কবে?" })).await;
        starts(&last, "«মেলা কবে?»");
        // A picture with words is an answer.
        for (turn, hint) in &others[..2] {
            last = replies(telegram, &last, turn).await;
            starts(&last, hint);
        }
        last = replies(telegram, &last, &json!({ "text": "ক".repeat(901) })).await;
        starts(&last, "লেখাটি বেশি বড়: ৯০১ অক্ষর, সর্বোচ্চ ৯০০ অক্ষর");
        last = replies(telegram, &last, &json!({ "text": "প্রতি শুক্রবার।" })).await;
        starts(&last, "যোগ করা হয়েছে");
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn in_private_too_the_step_is_asked_for_again() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = Rig::start_with(mode, &[("OPERATORS", "1"), ("TELEGRAM_LIMITS", "off")]).await;
        let telegram = &rig.telegram;
        let (operator, rahima) = (private(telegram, 1), private(telegram, RAHIMA));
        telegram.says(rahima, RAHIMA, "পাসপোর্ট করতে কী লাগে");
        let shown = eventually("the question in the list", || async {
            let shown = posts(telegram, operator, &json!({ "text": "/unanswered" })).await;
            shown.text.contains("পাসপোর্ট").then_some(shown)
        })
        .await;
        pressed(telegram, 1, &shown, "নতুন প্রশ্ন").await;
        let hint = posts(telegram, operator, &json!({ "voice": { "file_id": "v" } })).await;
        starts(&hint, "এখানে শুধু লেখা দেওয়া যায়");
        let hint = posts(telegram, operator, &json!({ "text": EMOJI })).await;
        starts(&hint, "এতে কোনো কথা পেলাম না");
        let shown = posts(telegram, operator, &json!({ "text": "আবেদন আর জন্মনিবন্ধন।" })).await;
        starts(&press(telegram, 1, &shown, "প্রকাশ করুন").await, "যোগ করা হয়েছে");
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_long_story_cannot_become_a_new_question() {
    let rig = start(Mode::Polling, &[]).await;
    let telegram = &rig.telegram;
    let story = telegram.says(GROUP, RAHIMA, &format!("{}কী করব?", "আমার গাছের লম্বা গল্প শোনেন ".repeat(20)));
    let about = telegram.shown(GROUP, story);
    let shown = posts(telegram, GROUP, &json!({ "text": "/teach", "reply_to_message": about })).await;
    telegram.presses(GROUP, 1, shown.id, &shown.data("নতুন প্রশ্ন"));
    let changed = telegram
        .wait("a word", |world| {
            Some(world.chats[&GROUP].messages[&shown.id].clone()).filter(|shown| shown.edits == 1)
        })
        .await;
    assert!(changed.text.contains("নতুন প্রশ্ন হিসেবে রাখা যায় না"), "{}", changed.text);
    assert!(
        changed.labels().contains(&"এর উত্তর দেবেন না".to_owned()),
        "the rest can still be chosen: {:?}",
        changed.labels()
    );
    rig.app.stop().await.unwrap();
}
