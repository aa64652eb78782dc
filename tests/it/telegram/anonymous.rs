//! Anonymous admins, who speak as the group.

use std::time::Duration;

use serde_json::{Value, json};

use super::Mode;
use super::group::{GROUP, KARIM, QUESTION, RAHIMA, answer, settled};
use super::teaching::{press, pressed};
use super::unprompted::start;
use crate::support::telegram::{ANONYMOUS, Fault, Posted, Telegram, Wrong};

const SEEDS: &str = "ভালো বীজ কোথায় পাব?";

/// A channel speaks in the group.
fn channel_says(telegram: &Telegram, more: &Value) {
    let mut about = json!({
        "from": { "id": 136_817_688, "is_bot": true, "first_name": "Channel" },
        "sender_chat": { "id": -1_009, "type": "channel" },
    });
    for (name, value) in more.as_object().unwrap() {
        about[name] = value.clone();
    }
    telegram.posts(GROUP, RAHIMA, &about);
}

async fn said(telegram: &Telegram, words: &str) -> Posted {
    telegram
        .wait(words, |world| world.sent(GROUP).into_iter().rev().find(|sent| sent.text.contains(words)))
        .await
}

#[tokio::test]
async fn an_anonymous_reply_is_a_persons_and_the_askers_own_word_is_no_reply() {
    let rig = start(Mode::Polling, &[("unasked", "on"), ("person", "0")]).await;
    let telegram = &rig.telegram;
    // Another message holds the group's queue while questions and replies come in.
    telegram.world(|world| {
        world.faults.push(Fault::new("sendMessage", Wrong::Slow(Duration::from_millis(900))).chat(GROUP));
    });
    telegram.says(GROUP, KARIM, "/help");
    let answered = telegram.says(GROUP, RAHIMA, QUESTION);
    telegram.replies(GROUP, ANONYMOUS, answered, "হ্যাঁ, যায়");
    let open = telegram.says(GROUP, KARIM, SEEDS);
    telegram.replies(GROUP, KARIM, open, "কেউ জানেন?");
    let sent = answer(telegram, 1).await;
    assert_eq!(sent.replies_to(), Some(open), "{}", sent.text);
    settled(telegram).await;
    assert_eq!(telegram.world(|world| world.sent(GROUP).len()), 2, "the help and one answer");
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn an_anonymous_admin_teaches_from_the_first_step_to_the_last() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[]).await;
        let telegram = &rig.telegram;
        telegram.world(|world| world.chats.get_mut(&GROUP).unwrap().members.insert(1, "anonymous"));
        telegram.push("chat_member", &json!({ "chat": { "id": GROUP, "type": "supergroup" } }));
        let question = telegram.says(GROUP, RAHIMA, "টবের মাটিতে কেঁচো দিলে কী লাভ");
        telegram.replies(GROUP, ANONYMOUS, question, "/teach");
        let shown = said(telegram, "এটি কোন বিষয়ের?").await;
        // A press comes from the person, the next message from the group.
        telegram.presses(GROUP, 1, shown.id, &shown.data("নতুন প্রশ্ন"));
        let asks = said(telegram, "এর উত্তর এই বার্তার").await;
        telegram.replies(GROUP, ANONYMOUS, asks.id, "কেঁচো মাটি ঝুরঝুরে রাখে।");
        said(telegram, "যোগ করা হয়েছে").await;

        telegram.says(GROUP, ANONYMOUS, "/add");
        let asks = said(telegram, "প্রশ্নটি এই বার্তার").await;
        // A channel speaks for nobody in particular either, and is no admin.
        channel_says(telegram, &json!({ "text": "/cancel" }));
        let prompt = telegram.shown(GROUP, asks.id);
        channel_says(telegram, &json!({ "text": "চ্যানেলের কথা", "reply_to_message": prompt }));
        telegram.replies(GROUP, ANONYMOUS, asks.id, "মেলা কবে?");
        let asks = said(telegram, "«মেলা কবে?»").await;
        telegram.replies(GROUP, ANONYMOUS, asks.id, "প্রতি শুক্রবার।");
        said(telegram, "প্রতি শুক্রবার।").await;

        telegram.says(GROUP, ANONYMOUS, "/mine");
        let mine = said(telegram, "নিজের প্রশ্নোত্তর").await;
        press(telegram, 1, &mine, "✏️ ১").await;
        pressed(telegram, 1, &mine, "উত্তর বদলান").await;
        let asks = said(telegram, "নতুন উত্তর এই বার্তার").await;
        telegram.replies(GROUP, ANONYMOUS, asks.id, "প্রতি রবিবার।");
        said(telegram, "প্রতি রবিবার।").await;
        rig.app.stop().await.unwrap();
    }
}
