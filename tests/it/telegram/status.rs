//! `/status`: what the bot hears in a group, whether it answers there, and how to change that.

use serde_json::json;

use super::group::{ANSWER, GROUP, KARIM, QUESTION, RAHIMA, answer, settled};
use super::unprompted::{change, start};
use super::{Mode, Rig, in_both};
use crate::support::telegram::{ANONYMOUS, Telegram, group, private};

#[tokio::test]
async fn status_says_what_the_bot_hears_and_how_to_change_that() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let telegram = Telegram::start().await;
        telegram.world(|world| world.me["can_read_all_group_messages"] = json!(false));
        let rig = Rig::at(telegram.clone(), mode, &[("TELEGRAM_LIMITS", "off")]).await;
        group(&telegram, GROUP);
        telegram.says(GROUP, RAHIMA, "/status");
        let status = answer(&telegram, 0).await.text;
        assert!(status.contains("প্রাইভেসি মোড চালু") && status.contains("@BotFather"), "{status}");
        assert!(status.contains("না ডাকলেও উত্তর দেওয়া: বন্ধ"), "{status}");
        // Mended as it says, while the bot runs.
        telegram.world(|world| world.me["can_read_all_group_messages"] = json!(true));
        telegram.says(GROUP, RAHIMA, "/status");
        assert!(answer(&telegram, 1).await.text.starts_with("আমি এই গ্রুপের সব বার্তা দেখতে পাই"));
        telegram.world(|world| world.me["can_read_all_group_messages"] = json!(false));
        telegram.bot_becomes(GROUP, 1, "administrator");
        telegram.says(GROUP, RAHIMA, "/status@uttor_test_bot");
        assert!(answer(&telegram, 2).await.text.starts_with("আমি এই গ্রুপের সব বার্তা দেখতে পাই"));
        change(&telegram, &[("unasked", "on")]).await;
        telegram.says(GROUP, RAHIMA, "/status");
        let status = answer(&telegram, 3).await.text;
        assert!(status.contains("না ডাকলেও উত্তর দেওয়া: চালু"), "{status}");
        telegram.bot_becomes(GROUP, 1, "member");
        telegram.says(GROUP, RAHIMA, "/status");
        let status = answer(&telegram, 4).await.text;
        assert!(status.contains("চালু, কিন্তু"), "on, but the bot does not hear: {status}");
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn where_the_bot_may_not_write_whoever_asks_is_told_in_private() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[]).await;
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        telegram.bot_becomes(GROUP, 1, "restricted");
        telegram.says(GROUP, RAHIMA, "/status");
        let told = telegram.wait("the status", |world| world.sent(chat).first().cloned()).await;
        assert!(told.text.starts_with("«বাগানের আড্ডা» গ্রুপে আমার লেখার অনুমতি নেই"), "{}", told.text);
        assert!(told.text.contains("আমি এই গ্রুপের সব বার্তা দেখতে পাই"), "{}", told.text);
        // One who never wrote to the bot cannot be told, and one without a name neither.
        for who in [KARIM, ANONYMOUS] {
            telegram.says(GROUP, who, "/status");
        }
        settled(telegram).await;
        telegram.world(|world| {
            let to = |chat: i64| {
                world.calls_of("sendMessage").filter(move |call| call.params["chat_id"] == chat).count()
            };
            assert_eq!((to(chat), to(KARIM), to(ANONYMOUS)), (1, 1, 0), "{}", world.summary());
            let refused = world.calls_of("sendMessage").filter(|call| call.answer.is_err()).count();
            assert_eq!(refused, 1, "no attempt in the group: {}", world.summary());
        });
        telegram.bot_becomes(GROUP, 1, "member");
        telegram.says(GROUP, RAHIMA, "/status");
        assert!(answer(telegram, 0).await.text.starts_with("আমি এই গ্রুপের সব বার্তা দেখতে পাই"));
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn general_can_be_the_one_topic_and_status_says_so_elsewhere() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        telegram.world(|world| {
            let chat = world.chats.get_mut(&GROUP).unwrap();
            chat.is_forum = true;
            chat.topics.insert(7, true);
        });
        telegram.says(GROUP, 1, "/settings");
        let menu = answer(telegram, 0).await;
        telegram.presses(GROUP, 1, menu.id, &menu.data("শুধু এই টপিকে"));
        telegram.wait("the change", |world| (world.sent(GROUP)[0].edits == 1).then_some(())).await;
        let in_topic = |text: &str| {
            let about = json!({ "text": text, "message_thread_id": 7, "is_topic_message": true });
            telegram.posts(GROUP, RAHIMA, &about);
        };
        in_topic(&format!("/ask {QUESTION}"));
        in_topic("/status");
        let status = answer(telegram, 1).await;
        assert!(status.text.contains("এই টপিকে আমি উত্তর দিই না"), "{}", status.text);
        telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
        assert!(answer(telegram, 2).await.text.contains(ANSWER));
        rig.app.stop().await.unwrap();
    })
    .await;
}
