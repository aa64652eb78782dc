//! A group's first week without a terminal: added, set, talked in, taught with mistakes; what is left to answer is a question.

use serde_json::json;

use super::group::settled;
use super::teaching::{press, pressed, says};
use super::{Mode, Rig};
use crate::support::app::eventually;
use crate::support::telegram::{Posted, Telegram, group, private};

const GROUP: i64 = -100_500;
const ADMIN: i64 = 1;
const RAHIMA: i64 = 7_001;
const KARIM: i64 = 7_002;

const CHATTER: [&str; 20] = [
    "সবাই কেমন আছেন?",
    "😂😂",
    "শুভ সকাল",
    "আজ অনেক গরম",
    "হাহা",
    "ok vai",
    "সহমত",
    "👍",
    "+1",
    "কাল দেখা হবে",
    "আমার গাছে ফুল এসেছে",
    "দারুণ",
    "ছবি দিলাম",
    "ধন্যবাদ ভাই",
    "lol",
    "একমত",
    "নতুন সদস্যদের স্বাগতম",
    "আমিন",
    "মজা পেলাম",
    "আচ্ছা",
];

/// What the bot says next in the group as somebody replies to a message.
async fn replies(telegram: &Telegram, who: i64, to: i64, text: &str) -> Posted {
    let before = telegram.world(|world| world.sent(GROUP).len());
    telegram.replies(GROUP, who, to, text);
    telegram.wait(text, |world| world.sent(GROUP).get(before).cloned()).await
}

fn has(sent: &Posted, words: &str) {
    assert!(sent.text.contains(words), "{words}: {}", sent.text);
}

#[tokio::test]
async fn a_week_leaves_nothing_unanswered_that_is_no_question() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = Rig::start_with(mode, &[("TELEGRAM_LIMITS", "off")]).await;
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        telegram.world(|world| world.me["can_read_all_group_messages"] = json!(true));
        // Added and set: a setting, then its value.
        let menu = says(telegram, GROUP, ADMIN, "/settings").await;
        press(telegram, ADMIN, &menu, "না ডাকলেও উত্তর").await;
        has(&press(telegram, ADMIN, &menu, "চালু").await, "সেটিংস");
        // Talked in: beside the bot, and to it.
        let answered = says(telegram, GROUP, RAHIMA, "/ask বীজ কোথায় পাব?").await;
        let before = telegram.world(|world| world.sent(GROUP).len());
        for said in CHATTER {
            telegram.says(GROUP, KARIM, said);
        }
        for said in ["😂😂", "👍", "সহমত", "+1", "হাহা", "ok vai"] {
            telegram.replies(GROUP, KARIM, answered.id, said);
        }
        settled(telegram).await;
        assert_eq!(telegram.world(|world| world.sent(GROUP).len()), before);
        // Taught: begun and given up; begun, disturbed, and completed by a reply.
        says(telegram, GROUP, ADMIN, "/add").await;
        has(&says(telegram, GROUP, ADMIN, "/cancel").await, "কিছুই বদলানো হয়নি");
        let asks = says(telegram, GROUP, ADMIN, "/add মেলা কবে?").await;
        telegram.replies(GROUP, RAHIMA, asks.id, "কাল?");
        has(&says(telegram, GROUP, ADMIN, "আচ্ছা দেখি").await, "রিপ্লাইয়ে লিখলে");
        has(&replies(telegram, ADMIN, asks.id, "প্রতি শুক্রবার।").await, "যোগ করা হয়েছে");
        // Wrong, and taken back; wrong, and corrected; the old answer again.
        let wrong = says(telegram, GROUP, ADMIN, "/add মেলা কোথায়? | জানি না").await;
        press(telegram, ADMIN, &wrong, "ফিরিয়ে নিন").await;
        let asks = says(telegram, GROUP, ADMIN, "/add মেলা কবে?").await;
        has(&asks, "আগে থেকেই আছে");
        let replaced = replies(telegram, ADMIN, asks.id, "রবিবার।").await;
        press(telegram, ADMIN, &replaced, "আগের উত্তর ফিরিয়ে আনুন").await;
        has(&says(telegram, GROUP, RAHIMA, "/ask মেলা কবে?").await, "শুক্রবার");
        // Somebody's answer is learned, somebody's question gets a new one.
        let question = telegram.says(GROUP, RAHIMA, "ভাই AI কোর্সের ক্লাস কয়টায়?");
        let answer = telegram.replies(GROUP, KARIM, question, "রাত নয়টায়, জুমে।");
        let shown = replies(telegram, ADMIN, answer, "/teach").await;
        has(&press(telegram, ADMIN, &shown, "প্রকাশ করুন").await, "যোগ করা হয়েছে");
        let question = telegram.says(GROUP, KARIM, "চারার হাট কোথায় বসে?");
        let shown = replies(telegram, ADMIN, question, "/teach").await;
        let asks = pressed(telegram, ADMIN, &shown, "নতুন প্রশ্ন").await;
        has(&replies(telegram, ADMIN, asks.id, "থানার মাঠে।").await, "যোগ করা হয়েছে");
        let mine = says(telegram, GROUP, ADMIN, "/mine").await;
        press(telegram, ADMIN, &mine, "🗑 ১").await;
        press(telegram, ADMIN, &mine, "↩️ ১").await;
        // What was asked in vain is all that is listed.
        telegram.says(GROUP, 7_003, "/ask কাল কি বৃষ্টি হবে");
        private(telegram, ADMIN);
        let list = eventually("the question in the list", || async {
            let list = says(telegram, ADMIN, ADMIN, &format!("/start unanswered_{GROUP}")).await;
            list.text.contains("বার)").then_some(list)
        })
        .await;
        has(&list, "বৃষ্টি");
        assert!(!list.labels().iter().any(|label| label.contains("পরের")), "{:?}", list.labels());
        rig.app.stop().await.unwrap();
    }
}
