//! What the bot answers in groups, and what it leaves alone.

use std::time::Duration;

use serde_json::json;

use super::unprompted::{change, start};
use super::{Mode, Rig, in_both};
use crate::support::telegram::{ANONYMOUS, Fault, Posted, Telegram, Wrong, group, private};

pub const GROUP: i64 = -100_500;
pub const RAHIMA: i64 = 7_001;
pub const KARIM: i64 = 7_002;
pub const QUESTION: &str = "ছাদে কি সবজি চাষ করা যায়?";
pub const ANSWER: &str = "অন্তত ৬ ঘণ্টা রোদ";

/// The bot's `number`-th message in the group, once it is there.
pub async fn answer(telegram: &Telegram, number: usize) -> Posted {
    telegram.wait("an answer in the group", |world| world.sent(GROUP).get(number).cloned()).await
}

/// Waits until everything said so far was handled.
pub async fn settled(telegram: &Telegram) {
    telegram.wait("all handled", |world| world.updates.is_empty().then_some(())).await;
}

#[tokio::test]
async fn every_way_of_addressing_the_bot_is_answered_and_nothing_else() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        // Each another question, so that nothing is a repetition.
        let first = telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
        let sent = answer(telegram, 0).await;
        assert!(sent.text.contains(ANSWER), "{}", sent.text);
        assert_eq!(sent.replies_to(), Some(first));
        let reply = telegram.replies(GROUP, KARIM, sent.id, "ভালো বীজ কোথায় পাব?");
        let sent = answer(telegram, 1).await;
        assert!(sent.text.contains("উপজেলা কৃষি অফিসে"), "{}", sent.text);
        assert_eq!(sent.replies_to(), Some(reply));
        telegram.says(GROUP, RAHIMA, "ভাই @uttor_test_bot গাছে দিনে কয়বার পানি দেব?");
        assert_eq!(answer(telegram, 2).await.labels()[1], "👍");
        let mention = json!([{ "type": "mention", "offset": 0, "length": 15 }]);
        telegram.posts(
            GROUP,
            RAHIMA,
            &json!({
            "photo": [], "caption": "@Uttor_Test_Bot কী যন্ত্রপাতি লাগে?", "caption_entities": mention }),
        );
        assert!(!answer(telegram, 3).await.text.is_empty());
        let asked = telegram.says(GROUP, KARIM, "জৈব সার কীভাবে বানাব?");
        let relay = telegram.replies(GROUP, RAHIMA, asked, "/ask@Uttor_Test_Bot");
        let sent = answer(telegram, 4).await;
        assert_eq!(sent.replies_to(), Some(asked), "the answer replies to the question, not to {relay}");

        for said in
            [QUESTION, "/ask@other_bot মোবাইল", "/nonsense", "@other_bot কী খবর", "কাল কি বৃষ্টি হবে", "/start"]
        {
            telegram.says(GROUP, KARIM, said);
        }
        telegram.replies(GROUP, KARIM, asked, QUESTION);
        telegram.posts(GROUP, KARIM, &json!({ "sticker": { "file_id": "s" } }));
        settled(telegram).await;
        assert_eq!(
            telegram.world(|world| world.sent(GROUP).len()),
            5,
            "{}",
            telegram.world(|world| world.summary())
        );
        telegram.says(GROUP, KARIM, "/ask");
        assert!(answer(telegram, 5).await.text.starts_with("প্রশ্নটা /ask এর পরেই লিখুন"));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn bots_forwards_channels_and_old_messages_are_left_alone() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let ask = format!("/ask {QUESTION}");
        let hour_ago = crate::support::telegram::now() - 3_700;
        for more in [
            json!({ "text": ask, "from": { "id": 99, "is_bot": true, "first_name": "b" } }),
            json!({ "text": ask, "forward_origin": { "type": "user" } }),
            json!({ "text": ask, "via_bot": { "id": 99, "is_bot": true } }),
            json!({ "text": ask, "is_automatic_forward": true, "sender_chat": { "id": -1_009, "type": "channel" } }),
            json!({ "text": ask, "date": hour_ago }),
        ] {
            telegram.posts(GROUP, RAHIMA, &more);
        }
        settled(telegram).await;
        assert_eq!(telegram.world(|world| world.sent(GROUP).len()), 0);
        // In private somebody still waits for it.
        let chat = private(telegram, RAHIMA);
        telegram.posts(chat, RAHIMA, &json!({ "text": QUESTION, "date": hour_ago + 700 }));
        telegram.wait("the late answer", |world| world.sent(chat).first().map(|_| ())).await;
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_repeated_question_gets_a_link_to_its_answer() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
        let first = answer(telegram, 0).await;
        telegram.says(GROUP, KARIM, &format!("/ask {QUESTION}"));
        let pointer = answer(telegram, 1).await;
        assert!(pointer.text.starts_with("এই প্রশ্নের উত্তর একটু আগেই"), "{}", pointer.text);
        let link = format!("https://t.me/c/500/{}", first.id);
        assert!(pointer.buttons().any(|button| button["url"] == link.as_str()), "{}", pointer.params);
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_was_not_sent_is_never_linked() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[("cooldown", "0"), ("unasked", "on"), ("person", "900")]).await;
        let telegram = &rig.telegram;
        let refused = || {
            telegram.world(|world| {
                let refusal = Wrong::Error(400, "Bad Request: something new");
                world.faults.push(Fault::new("sendMessage", refusal).chat(GROUP));
            });
        };
        // One from before the cooldown began is none of a moment ago.
        telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
        answer(telegram, 0).await;
        change(telegram, &[("cooldown", "60")]).await;
        refused();
        telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
        telegram.says(GROUP, KARIM, &format!("/ask {QUESTION}"));
        assert!(answer(telegram, 1).await.text.contains(ANSWER));
        // Unasked: the person's and the hour's turns come back, too.
        refused();
        telegram.says(GROUP, RAHIMA, "ভালো বীজ কোথায় পাব?");
        telegram.says(GROUP, RAHIMA, "ভালো বীজ কোথায় পাব?");
        assert!(answer(telegram, 2).await.text.contains("উপজেলা কৃষি অফিসে"));
        telegram.says(GROUP, KARIM, "/topics");
        let topics = answer(telegram, 3).await;
        refused();
        for _ in 0..2 {
            telegram.presses(GROUP, KARIM, topics.id, &topics.data("কয়বার পানি"));
        }
        assert!(answer(telegram, 4).await.text.contains("মাটি ভেজা থাকলে"));
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn while_an_answer_is_being_sent_no_older_one_is_linked() {
    let rig = start(Mode::Polling, &[("cooldown", "0")]).await;
    let telegram = &rig.telegram;
    telegram.says(GROUP, KARIM, "/topics");
    let topics = answer(telegram, 0).await;
    telegram.says(GROUP, RAHIMA, "/ask ভালো বীজ কোথায় পাব?");
    answer(telegram, 1).await;
    change(telegram, &[("cooldown", "60")]).await;
    telegram.world(|world| {
        world.faults.push(Fault::new("sendMessage", Wrong::Slow(Duration::from_millis(600))).chat(GROUP));
    });
    let press = telegram.presses(GROUP, KARIM, topics.id, &topics.data("বীজ কোথায় পাব?"));
    telegram.wait("the press", |world| world.presses[&press].then_some(())).await;
    telegram.says(GROUP, RAHIMA, "/ask ভালো বীজ কোথায় পাব?");
    for number in [2, 3] {
        assert!(answer(telegram, number).await.text.contains("উপজেলা কৃষি অফিসে"));
    }
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn an_answer_that_an_edit_replaced_is_not_linked() {
    let rig = start(Mode::Polling, &[]).await;
    let telegram = &rig.telegram;
    let asked = telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
    let first = answer(telegram, 0).await;
    telegram.edits(GROUP, asked, "/ask ভালো বীজ কোথায় পাব?");
    telegram.wait("the change", |world| (world.sent(GROUP)[0].edits == 1).then_some(())).await;
    telegram.says(GROUP, KARIM, &format!("/ask {QUESTION}"));
    let second = answer(telegram, 1).await;
    assert!(second.text.contains(ANSWER), "{} shows something else now: {}", first.id, second.text);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn an_answer_stays_in_its_topic() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        telegram.world(|world| {
            let chat = world.chats.get_mut(&GROUP).unwrap();
            chat.is_forum = true;
            chat.topics.extend([(7, true), (8, false)]);
        });
        telegram.posts(
            GROUP,
            RAHIMA,
            &json!({
            "text": format!("/ask {QUESTION}"), "message_thread_id": 7, "is_topic_message": true }),
        );
        assert_eq!(answer(telegram, 0).await.thread, Some(7));
        // In General an ordinary reply carries a thread too, which is no topic.
        telegram.posts(GROUP, RAHIMA, &json!({ "text": "/ask ভালো বীজ কোথায় পাব?", "message_thread_id": 123 }));
        assert_eq!(answer(telegram, 1).await.thread, None);
        telegram.posts(
            GROUP,
            RAHIMA,
            &json!({
            "text": "/ask কী যন্ত্রপাতি লাগে?", "message_thread_id": 8, "is_topic_message": true }),
        );
        settled(telegram).await;
        assert_eq!(telegram.world(|world| world.sent(GROUP).len()), 2, "a closed topic is given up quietly");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_question_that_is_gone_is_answered_without_a_quote() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        telegram.world(|world| {
            world.chats.get_mut(&GROUP).unwrap().is_forum = true;
            world.chats.get_mut(&GROUP).unwrap().topics.insert(7, true);
        });
        let about =
            json!({ "text": format!("/ask {QUESTION}"), "message_thread_id": 7, "is_topic_message": true });
        let message = telegram.message(GROUP, RAHIMA, &about);
        telegram.world(|world| {
            let id = message["message_id"].as_i64().unwrap();
            world.chats.get_mut(&GROUP).unwrap().messages.get_mut(&id).unwrap().deleted = true;
        });
        telegram.push("message", &message);
        let sent = answer(telegram, 0).await;
        assert_eq!((sent.replies_to(), sent.thread), (None, Some(7)));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn being_added_is_greeted_once_and_being_restricted_or_removed_silences() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        telegram.world(|world| world.chats.get_mut(&GROUP).unwrap().bot = "left");
        telegram.bot_becomes(GROUP, 1, "member");
        let greeting = answer(telegram, 0).await;
        assert!(greeting.text.contains("বাগানের ছোট গাইড"));
        assert!(greeting.text.contains("আমি সব বার্তা দেখতে পাই, কিন্তু না ডাকলে চুপ থাকি"), "{}", greeting.text);
        telegram.bot_becomes(GROUP, 1, "administrator");
        telegram.bot_becomes(GROUP, 1, "restricted");
        telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
        settled(telegram).await;
        assert_eq!(
            telegram.world(|world| world.calls_of("sendMessage").count()),
            1,
            "no attempt where it may not write"
        );
        telegram.bot_becomes(GROUP, 1, "member");
        telegram.says(GROUP, RAHIMA, "/ask ভালো বীজ কোথায় পাব?");
        assert!(answer(telegram, 1).await.text.contains("উপজেলা"));
        telegram.bot_becomes(GROUP, 1, "kicked");
        settled(telegram).await;
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn settings_move_to_the_supergroup() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = Rig::start(mode).await;
        let telegram = &rig.telegram;
        let (old, new) = (-600, -100_600);
        group(telegram, old);
        group(telegram, new);
        let menu = telegram.says(old, 1, "/settings");
        let menu = telegram
            .wait("the menu", |world| {
                world.sent(old).into_iter().find(|sent| sent.replies_to() == Some(menu))
            })
            .await;
        telegram.presses(old, 1, menu.id, "1s0:buttons=off");
        telegram
            .wait("the change", |world| world.sent(old).iter().any(|sent| sent.edits == 1).then_some(()))
            .await;
        telegram.world(|world| world.chats.get_mut(&old).unwrap().migrated_to = Some(new));
        // Said in the old group, answered in the new one: Telegram's refusal tells where it is.
        telegram.says(old, RAHIMA, "/help");
        telegram.wait("the answer there", |world| world.sent(new).first().map(|_| ())).await;
        telegram.posts(old, 1, &json!({ "migrate_to_chat_id": new }));
        telegram.posts(new, 1, &json!({ "migrate_from_chat_id": old }));
        settled(telegram).await;
        telegram.says(new, RAHIMA, &format!("/ask {QUESTION}"));
        let sent = telegram.wait("the answer", |world| world.sent(new).get(1).cloned()).await;
        assert!(sent.text.contains(ANSWER) && sent.labels().is_empty(), "{:?}", sent.labels());
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn an_anonymous_admin_is_an_admin_and_a_channel_is_none() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        telegram.says(GROUP, ANONYMOUS, "/settings");
        assert!(answer(telegram, 0).await.text.starts_with("উত্তর বটের সেটিংস"));
        telegram.posts(
            GROUP,
            RAHIMA,
            &json!({
            "text": "/settings", "from": { "id": 136_817_688, "is_bot": true, "first_name": "Channel" },
            "sender_chat": { "id": -1_009, "type": "channel" } }),
        );
        assert!(answer(telegram, 1).await.text.contains("শুধু গ্রুপের অ্যাডমিনরা"));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_questions_in_one_message_get_two_answers_in_one() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let asked = telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION} ভালো বীজ কোথায় পাব?"));
        let both = answer(telegram, 0).await;
        assert!(both.text.contains(ANSWER) && both.text.contains("উপজেলা"), "{}", both.text);
        assert!(both.text.contains("ছাদে কি বাগান করা যায়?"), "each below its question: {}", both.text);
        assert_eq!(both.replies_to(), Some(asked));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_text_that_begins_with_the_bots_name_is_a_question_without_any_entity() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let text = format!("@UTTOR_test_bot, {QUESTION}");
        let asked = telegram.posts(GROUP, RAHIMA, &json!({ "text": text, "entities": [] }));
        let sent = answer(telegram, 0).await;
        assert!(sent.text.contains(ANSWER) && sent.replies_to() == Some(asked), "{}", sent.text);
        rig.app.stop().await.unwrap();
    })
    .await;
}
