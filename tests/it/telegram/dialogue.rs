//! Turns of a dialogue that cannot be taken: what is said of them, and that the dialogue goes on.

use serde_json::{Value, json};

use super::group::{GROUP, RAHIMA};
use super::overheard::start;
use super::{Mode, Rig};
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
async fn a_turn_that_cannot_be_taken_is_refused_and_asked_for_again() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[]).await;
        let telegram = &rig.telegram;
        let photo = json!([{ "file_id": "p", "width": 1, "height": 1 }]);
        let others = [
            (json!({ "text": EMOJI }), "এতে কোনো কথা পেলাম না"),
            (json!({ "sticker": { "file_id": "s" } }), "এখানে শুধু লেখা দেওয়া যায়"),
            (json!({ "photo": photo, "caption": "মেলা কবে?" }), "এখানে শুধু লেখা দেওয়া যায়"),
        ];
        let mut last = posts(telegram, GROUP, &json!({ "text": "/add" })).await;
        starts(&last, "প্রশ্নটি এই বার্তার রিপ্লাইয়ে লিখুন");
        for (turn, hint) in &others {
            last = replies(telegram, &last, turn).await;
            starts(&last, hint);
        }
        last = replies(telegram, &last, &json!({ "text": "ক".repeat(301) })).await;
        starts(&last, "লেখাটি বেশি বড়: ৩০১ অক্ষর, সর্বোচ্চ ৩০০ অক্ষর");
        last = replies(telegram, &last, &json!({ "text": "মেলা কবে?" })).await;
        starts(&last, "«মেলা কবে?»");
        for (turn, hint) in &others {
            last = replies(telegram, &last, turn).await;
            starts(&last, hint);
        }
        last = replies(telegram, &last, &json!({ "text": "ক".repeat(901) })).await;
        starts(&last, "লেখাটি বেশি বড়: ৯০১ অক্ষর, সর্বোচ্চ ৯০০ অক্ষর");
        last = replies(telegram, &last, &json!({ "text": "প্রতি শুক্রবার।" })).await;
        starts(&last, "যোগ করা হয়েছে");
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn in_private_too_and_what_is_no_question_becomes_none() {
    let rig = Rig::start_with(Mode::Polling, &[("OPERATORS", "1"), ("TELEGRAM_LIMITS", "off")]).await;
    let telegram = &rig.telegram;
    let (operator, rahima) = (private(telegram, 1), private(telegram, RAHIMA));
    let story = "অদ্ভুত গল্প শোনেন ".repeat(30);
    let store = rig.store().await;
    for text in [story.trim(), "আজব খেলা কয়টায় শুরু"] {
        let before = telegram.world(|world| world.sent(rahima).len());
        telegram.says(rahima, RAHIMA, text);
        telegram.wait("an answer", |world| world.sent(rahima).get(before).cloned()).await;
    }
    crate::support::app::eventually("both in the list", || async {
        (store.open_clusters().await.unwrap() == 2).then_some(())
    })
    .await;
    store.close().await;
    let shown = posts(telegram, operator, &json!({ "text": "/unanswered" })).await;
    let (mut seen, mut prompt) = (0, None);
    for position in 0..2 {
        let now = telegram.world(|world| world.chats[&operator].messages[&shown.id].clone());
        let is_story = now.text.contains("গল্প");
        telegram.presses(operator, 1, shown.id, &now.data("নতুন প্রশ্ন"));
        let changed = telegram
            .wait("the turn", |world| {
                let posted = &world.chats[&operator].messages[&shown.id];
                (posted.edits > now.edits).then(|| posted.clone())
            })
            .await;
        if is_story {
            assert!(changed.text.contains("নতুন প্রশ্ন হিসেবে রাখা যায় না"), "{}", changed.text);
            assert!(changed.labels().contains(&"বাদ দিন".to_owned()), "{:?}", changed.labels());
            seen += 1;
        } else {
            assert!(changed.text.contains("এর উত্তর এই বার্তার রিপ্লাইয়ে লিখুন"), "{}", changed.text);
            prompt = Some(changed.clone());
        }
        if position == 0 {
            // The other one is a page away.
            let data = now.data("পরের");
            telegram.push("callback_query", &press(telegram, operator, &now, &data));
            telegram
                .wait("the other", |world| {
                    (world.chats[&operator].messages[&shown.id].edits > changed.edits).then_some(())
                })
                .await;
        }
    }
    assert!(seen == 1 && prompt.is_some());
    let hint = posts(telegram, operator, &json!({ "voice": { "file_id": "v" } })).await;
    starts(&hint, "এখানে শুধু লেখা দেওয়া যায়");
    let hint = posts(telegram, operator, &json!({ "text": EMOJI })).await;
    starts(&hint, "এতে কোনো কথা পেলাম না");
    let added = posts(telegram, operator, &json!({ "text": "খেলার খবর এখানে নেই।" })).await;
    starts(&added, "যোগ করা হয়েছে");
    rig.app.stop().await.unwrap();
}

/// A press of a button that stood there a moment ago.
fn press(telegram: &Telegram, chat: i64, shown: &Posted, data: &str) -> Value {
    let message = telegram.shown(chat, shown.id);
    json!({ "id": "late", "from": { "id": 1, "is_bot": false, "first_name": "x" }, "message": message,
        "chat_instance": "1", "data": data })
}
