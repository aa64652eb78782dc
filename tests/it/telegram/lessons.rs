//! Teaching that works on the first try: one step where one is enough, a way back everywhere, and nothing lost.

use serde_json::json;

use super::teaching::{press, pressed, says};
use super::{Mode, Rig};
use crate::support::app::garden_copy;
use crate::support::telegram::{Posted, Telegram, group, private};

const GROUP: i64 = -100_500;
const ADMIN: i64 = 1;
const RAHIMA: i64 = 7_001;
const KARIM: i64 = 7_002;

const FAIR: &str = "/add আমাদের বাগানের মেলা কবে? | প্রতি শুক্রবার বিকেলে।";

async fn rig(mode: Mode) -> Rig {
    let settings = [("TELEGRAM_LIMITS", "off"), ("OPERATORS", "9")];
    let rig = Rig::start_with(mode, &settings).await;
    group(&rig.telegram, GROUP);
    rig
}

async fn in_both<F: Future<Output = ()>>(story: impl Fn(Rig) -> F) {
    for mode in [Mode::Polling, Mode::Webhook] {
        story(rig(mode).await).await;
    }
}

/// What the bot says next in the group as somebody replies to a message.
async fn replies(telegram: &Telegram, who: i64, to: i64, text: &str) -> Posted {
    let before = telegram.world(|world| world.sent(GROUP).len());
    telegram.replies(GROUP, who, to, text);
    telegram.wait(text, |world| world.sent(GROUP).get(before).cloned()).await
}

fn has(sent: &Posted, words: &str) {
    assert!(sent.text.contains(words), "{words}: {}", sent.text);
}

fn said(telegram: &Telegram) -> usize {
    telegram.world(|world| world.sent(GROUP).len())
}

#[tokio::test]
async fn question_and_answer_in_one_message_get_one_message_and_a_way_back() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let added = says(telegram, GROUP, ADMIN, FAIR).await;
        has(&added, "যোগ করা হয়েছে");
        assert_eq!(said(telegram), 1);
        has(&says(telegram, GROUP, RAHIMA, "/ask আমাদের বাগানের মেলা কবে?").await, "শুক্রবার");
        press(telegram, ADMIN, &added, "ফিরিয়ে নিন").await;
        has(&says(telegram, GROUP, ADMIN, "/mine").await, "নিজের কোনো প্রশ্নোত্তর নেই");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_entry_takes_several_wordings_when_it_is_made_and_later_and_keeps_them() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let add = "/add মেলা কবে?\nবৃক্ষমেলা কোন দিন বসে? | প্রতি শুক্রবার।";
        has(&says(telegram, GROUP, ADMIN, add).await, "আরও ১টি ধরন");
        has(&says(telegram, GROUP, RAHIMA, "/ask বৃক্ষমেলা কোন দিন বসে?").await, "শুক্রবার");
        let mine = says(telegram, GROUP, ADMIN, "/mine").await;
        has(&press(telegram, ADMIN, &mine, "✏️").await, "• বৃক্ষমেলা কোন দিন বসে?");
        let asks = pressed(telegram, ADMIN, &mine, "আরও ধরন").await;
        let kept = replies(telegram, ADMIN, asks.id, "exhibition kobe\nচারা বেচাকেনার হাট কবে").await;
        has(&kept, "আরও ৩টি ধরন");
        has(&says(telegram, GROUP, RAHIMA, "/ask exhibition kobe").await, "শুক্রবার");
        let asks = pressed(telegram, ADMIN, &mine, "প্রশ্ন বদলান").await;
        has(&replies(telegram, ADMIN, asks.id, "গাছের মেলা কবে বসে?").await, "যোগ করা হয়েছে");
        let mine = says(telegram, GROUP, ADMIN, "/mine").await;
        has(&mine, "গাছের মেলা কবে বসে?");
        assert!(
            mine.data("✏️ ১").len() > 1 && !mine.labels().iter().any(|label| label.contains('২')),
            "{}",
            mine.text
        );
        has(&press(telegram, ADMIN, &mine, "✏️").await, "• exhibition kobe");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn anybodys_answer_to_anybodys_question_is_learned_by_one_press() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let question = telegram.says(GROUP, RAHIMA, "ভাই AI কোর্সের ক্লাস কয়টায়?");
        let answer = telegram.replies(GROUP, KARIM, question, "রাত নয়টায়, জুমে।");
        let shown = replies(telegram, ADMIN, answer, "/teach").await;
        has(&shown, "ভাই AI কোর্সের ক্লাস কয়টায়?");
        has(&shown, "রাত নয়টায়, জুমে।");
        has(&press(telegram, ADMIN, &shown, "প্রকাশ করুন").await, "যোগ করা হয়েছে");
        assert_eq!(said(telegram), 1);
        has(&says(telegram, GROUP, RAHIMA, "/ask ভাই AI কোর্সের ক্লাস কয়টায়?").await, "রাত নয়টায়");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_answer_whose_question_was_not_heard_is_asked_for_it() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let answer = telegram.says(GROUP, KARIM, "প্রতি শুক্রবার বিকেলে মেলা বসে।");
        let asks = replies(telegram, ADMIN, answer, "/teach").await;
        has(&asks, "এটি কোন প্রশ্নের উত্তর?");
        assert_eq!(asks.params["reply_markup"]["selective"], true);
        has(&replies(telegram, ADMIN, asks.id, "মেলা কবে?").await, "যোগ করা হয়েছে");
        has(&says(telegram, GROUP, RAHIMA, "/ask মেলা কবে?").await, "শুক্রবার");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_text_that_was_meant_is_taught() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let question = telegram.says(GROUP, RAHIMA, "/ask AI র‍্যাংক জুম লিংক কোথায়?");
        let answered = telegram.wait("the reply", |world| world.sent(GROUP).first().cloned()).await;
        for about in [question, answered.id] {
            let shown = replies(telegram, ADMIN, about, "/teach").await;
            has(&shown, "«AI র‍্যাংক জুম লিংক কোথায়?»");
            has(&press(telegram, ADMIN, &shown, "বাতিল").await, "কিছুই বদলানো হয়নি");
        }
        let number = telegram.says(GROUP, RAHIMA, "০১৭১২৩৪৫৬৭৮ নম্বরে বিকাশ করব?");
        assert!(!replies(telegram, ADMIN, number, "/teach").await.text.contains("৩৪৫৬৭৮"));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_prompt_is_for_the_admin_alone_and_hints_once() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let before = telegram.world(|world| world.chats[&GROUP].next_message);
        let asks = says(telegram, GROUP, ADMIN, "/add").await;
        assert_eq!(asks.replies_to(), Some(before + 1));
        assert_eq!(asks.params["reply_markup"], json!({ "force_reply": true, "selective": true }));
        telegram.replies(GROUP, RAHIMA, asks.id, "মোবাইল দিয়ে কি হবে?");
        telegram.world(|world| world.me["can_read_all_group_messages"] = json!(true));
        has(&says(telegram, GROUP, ADMIN, "মেলা কবে?").await, "রিপ্লাইয়ে লিখলে");
        telegram.says(GROUP, ADMIN, "আচ্ছা");
        let next = replies(telegram, ADMIN, asks.id, "মেলা কবে?").await;
        has(&next, "এর উত্তর এই বার্তার রিপ্লাইয়ে লিখুন");
        assert_eq!(said(telegram), 3, "neither the other's reply nor the second message got a word");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_dialogue_outlives_a_restart_and_its_answer_is_no_question() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = rig(mode).await;
        let asks = says(&rig.telegram, GROUP, ADMIN, "/add পাসপোর্ট করতে কী লাগে?").await;
        let rig = rig.restart().await;
        let telegram = &rig.telegram;
        has(&replies(telegram, ADMIN, asks.id, "আবেদন আর জন্মনিবন্ধন লাগে।").await, "যোগ করা হয়েছে");
        private(telegram, ADMIN);
        let list = says(telegram, ADMIN, ADMIN, &format!("/start unanswered_{GROUP}")).await;
        has(&list, "উত্তরহীন কোনো প্রশ্ন নেই");
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_question_that_exists_is_announced_and_its_old_answer_comes_back() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        says(telegram, GROUP, ADMIN, FAIR).await;
        let asks = says(telegram, GROUP, ADMIN, "/add আমাদের বাগানের মেলা কবে?").await;
        has(&asks, "আগে থেকেই আছে:\nপ্রতি শুক্রবার বিকেলে।");
        let added = replies(telegram, ADMIN, asks.id, "এখন থেকে রবিবার।").await;
        let ask = "/ask আমাদের বাগানের মেলা কবে?";
        has(&says(telegram, GROUP, RAHIMA, ask).await, "রবিবার");
        has(&press(telegram, ADMIN, &added, "আগের উত্তর ফিরিয়ে আনুন").await, "আগে যা ছিল");
        has(&says(telegram, GROUP, KARIM, ask).await, "শুক্রবার");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn operators_add_and_list_for_all_in_private() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let (operator, rahima) = (private(telegram, 9), private(telegram, RAHIMA));
        has(&says(telegram, rahima, RAHIMA, "/add ক? | খ").await, "গ্রুপের অ্যাডমিনদের জন্য");
        let shown = says(telegram, operator, 9, "/add পাসপোর্ট করতে কী লাগে? | আবেদন লাগে।").await;
        has(&shown, "সবাই এভাবে দেখবেন");
        has(&press(telegram, 9, &shown, "প্রকাশ করুন").await, "যোগ করা হয়েছে");
        has(&says(telegram, rahima, RAHIMA, "পাসপোর্ট করতে কী লাগে?").await, "আবেদন লাগে");
        has(&says(telegram, operator, 9, "/mine").await, "পাসপোর্ট করতে কী লাগে?");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_log_says_who_taught_what_and_takes_it_back() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        says(telegram, GROUP, ADMIN, FAIR).await;
        says(telegram, GROUP, ADMIN, "/add আমাদের বাগানের মেলা কবে? | প্রতি রবিবার।").await;
        has(&says(telegram, GROUP, RAHIMA, "/log").await, "শুধু গ্রুপের অ্যাডমিনরা");
        let log = says(telegram, GROUP, ADMIN, "/log").await;
        has(&log, ", x\n«আমাদের বাগানের মেলা কবে?»\nপ্রতি রবিবার।");
        has(&log, "↩️ ফিরিয়ে নেওয়া হয়েছে");
        let settings = says(telegram, GROUP, ADMIN, "/settings").await;
        let values = press(telegram, ADMIN, &settings, "উত্তরের নিচে বোতাম").await;
        press(telegram, ADMIN, &values, "বন্ধ").await;
        has(&says(telegram, GROUP, ADMIN, "/log").await, ", x\nউত্তরের নিচে বোতাম: চালু → বন্ধ");
        let after = press(telegram, ADMIN, &log, "↩️ ১").await;
        assert!(after.labels().contains(&"↩️ ২".to_owned()), "the older one holds again: {}", after.text);
        has(&says(telegram, GROUP, RAHIMA, "/ask আমাদের বাগানের মেলা কবে?").await, "শুক্রবার");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_admin_sets_a_group_up_in_private() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let (admin, rahima) = (private(telegram, ADMIN), private(telegram, RAHIMA));
        let mine = says(telegram, GROUP, ADMIN, "/mine").await;
        let url = mine.buttons().next().unwrap()["url"].as_str().unwrap().to_owned();
        let start = format!("/start {}", url.split_once("start=").unwrap().1);
        has(&says(telegram, rahima, RAHIMA, &start).await, "গ্রুপের অ্যাডমিনদের জন্য");
        let hub = says(telegram, admin, ADMIN, &start).await;
        has(&pressed(telegram, ADMIN, &hub, "যোগ করুন").await, "প্রশ্নটি এই বার্তার");
        has(&says(telegram, admin, ADMIN, "মেলা কবে?").await, "এর উত্তর এই বার্তার");
        let shown = says(telegram, admin, ADMIN, "প্রতি শুক্রবার।").await;
        telegram.world(|world| world.chats.get_mut(&GROUP).unwrap().members.insert(ADMIN, "member"));
        telegram.push(
            "chat_member",
            &json!({
                "chat": { "id": GROUP, "type": "supergroup" },
                "old_chat_member": { "status": "administrator" }, "new_chat_member": { "status": "member" },
            }),
        );
        telegram.wait("all handled", |world| world.updates.is_empty().then_some(())).await;
        telegram.presses(admin, ADMIN, shown.id, &shown.data("প্রকাশ করুন"));
        let refused = telegram
            .wait("the refusal", |world| {
                let mut answers = world.calls.iter().filter(|call| call.method == "AnswerCallbackQuery");
                answers
                    .next_back()
                    .map(|call| call.params["text"].to_string())
                    .filter(|text| text.contains("অ্যাডমিন"))
            })
            .await;
        assert!(refused.contains("শুধু"), "{refused}");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn start_fits_a_phone_and_help_names_an_operators_commands() {
    let rig = rig(Mode::Polling).await;
    let telegram = &rig.telegram;
    let (operator, rahima) = (private(telegram, 9), private(telegram, RAHIMA));
    let start = says(telegram, rahima, RAHIMA, "/start").await;
    let labels = start.labels();
    assert!(labels.iter().all(|label| label.chars().count() <= 32), "{labels:?}");
    let link = start.buttons().find_map(|button| button["url"].as_str()).unwrap();
    assert_eq!(link, "https://t.me/Uttor_Test_Bot?startgroup=new");
    has(&says(telegram, operator, 9, "/help").await, "/log");
    assert!(!says(telegram, rahima, RAHIMA, "/help").await.text.contains("/log"));
    rig.app.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_are_told_once_where_an_edit_is_wrong() {
    let folder = garden_copy();
    let settings = [("OPERATORS", "9")];
    let telegram = Telegram::start().await;
    private(&telegram, 9);
    let rig = Rig::with_content(folder.path(), telegram, Mode::Polling, &settings).await;
    std::fs::write(folder.path().join("seeds.toml"), "question = 3\n").unwrap();
    let told = rig.telegram.wait("the message", |world| world.sent(9).first().cloned()).await;
    has(&told, "seeds.toml:1: ");
    rig.app.stop().await.unwrap();
}
