//! Conversations in a private chat.

use std::time::Duration;

use serde_json::json;

use super::{Mode, Rig, in_both};
use crate::support::app::eventually;
use crate::support::telegram::{Fault, Posted, Telegram, Wrong, private};

pub const RAHIMA: i64 = 7_001;

/// The bot's `number`-th message in the chat, once it is there.
pub async fn answer(telegram: &Telegram, chat: i64, number: usize) -> Posted {
    telegram.wait("an answer", |world| world.sent(chat).get(number).cloned()).await
}

#[tokio::test]
async fn a_question_gets_its_answer_with_buttons() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        telegram.says(chat, RAHIMA, "ছাদে কি সবজি চাষ করা যায়?");
        let sent = answer(telegram, chat, 0).await;
        assert!(sent.text.contains("অন্তত ৬ ঘণ্টা রোদ"), "{}", sent.text);
        assert!(sent.params["text"].as_str().unwrap().contains("<b>৬ ঘণ্টা</b>"));
        assert_eq!(sent.labels()[..3], ["বিস্তারিত পড়ুন", "👍", "👎"]);
        assert_eq!(sent.params["link_preview_options"], json!({ "is_disabled": true }));
        assert_eq!(sent.replies_to(), None, "nothing needs to be quoted between two");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_newcomer_is_welcomed_and_a_deep_link_opens_its_entry() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        telegram.says(chat, RAHIMA, "/start");
        let welcome = answer(telegram, chat, 0).await;
        assert!(
            welcome.text.starts_with("স্বাগতম!") && welcome.text.contains("বাগানের ছোট গাইড"),
            "{}",
            welcome.text
        );
        assert_eq!(welcome.labels().last().unwrap(), "গ্রুপে যোগ করুন");
        telegram.says(chat, RAHIMA, "/start seeds");
        assert!(answer(telegram, chat, 1).await.text.contains("<প্যাকেট> কেনার আগে মেয়াদ দেখে নিন & রসিদ রাখুন"));
        telegram.says(chat, RAHIMA, "/START no-such-entry");
        assert!(answer(telegram, chat, 2).await.text.starts_with("স্বাগতম!"));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn topics_are_browsed_by_buttons() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        telegram.says(chat, RAHIMA, "/topics");
        let topics = answer(telegram, chat, 0).await;
        assert_eq!(topics.labels().len(), 5);
        let press = telegram.presses(chat, RAHIMA, topics.id, &topics.data("বীজ কোথায় পাব?"));
        assert!(answer(telegram, chat, 1).await.text.contains("উপজেলা কৃষি অফিসে"));
        assert!(telegram.world(|world| world.presses[&press]), "every press is answered");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn help_privacy_forget_ask_and_unknown_commands_are_answered() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        for (number, (said, expected)) in [
            ("/help", "/topics - সব বিষয়ের তালিকা"),
            ("/privacy", "গোপনীয়তা"),
            ("/forget", "মুছে ফেলা হয়েছে"),
            ("/ask", "প্রশ্নটা /ask এর পরেই লিখুন"),
            ("/ask ছাদে কি সবজি চাষ করা যায়?", "অন্তত ৬ ঘণ্টা রোদ"),
            ("/settings", "এটি গ্রুপের জন্য"),
            ("/cancel", "থামানোর মতো কিছু চলছে না"),
            ("/nonsense", "এই কমান্ডটি আমি চিনি না"),
        ]
        .into_iter()
        .enumerate()
        {
            telegram.says(chat, RAHIMA, said);
            let sent = telegram.wait(expected, |world| {
                world.sent(chat).into_iter().find(|sent| sent.text.contains(expected))
            });
            let sent = sent.await;
            assert!(sent.text.contains(expected), "{number} {said}: {}", sent.text);
        }
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn suggestions_become_the_answer_that_was_meant() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        for (label, becomes) in [("কয়বার পানি", "পানি"), ("এগুলোর কোনোটি নয়", "ঠিক আছে")]
        {
            let before = telegram.world(|world| world.sent(chat).len());
            telegram.says(chat, RAHIMA, "টবের মাটিতে কেঁচো দিলে কী লাভ");
            let offered = answer(telegram, chat, before).await;
            assert!(offered.text.starts_with("আপনি কি এগুলোর কোনোটি জানতে চাইছেন?"), "{}", offered.text);
            let press = telegram.presses(chat, RAHIMA, offered.id, &offered.data(label));
            let changed = telegram
                .wait("the change", |world| {
                    world.sent(chat).into_iter().find(|sent| sent.id == offered.id && sent.edits == 1)
                })
                .await;
            assert!(changed.text.contains(becomes), "{}", changed.text);
            assert!(telegram.world(|world| world.presses[&press]));
        }
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn thumbs_are_thanked_and_counted() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        telegram.says(chat, RAHIMA, "/start rooftop");
        let sent = answer(telegram, chat, 0).await;
        let press = telegram.presses(chat, RAHIMA, sent.id, &sent.data("👍"));
        telegram.wait("the thanks", |world| world.presses[&press].then_some(())).await;
        let press = telegram.presses(chat, RAHIMA, sent.id, &sent.data("👎"));
        let offered = answer(telegram, chat, 1).await;
        assert!(offered.text.starts_with("জানানোর জন্য ধন্যবাদ"), "{}", offered.text);
        assert!(telegram.world(|world| world.presses[&press]));
        let metrics = rig.metrics().await;
        for helpful in ["true", "false"] {
            let line = format!("uttor_feedback_total{{entry=\"rooftop\",helpful=\"{helpful}\"}} 1");
            assert!(metrics.contains(&line), "{metrics}");
        }
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_edited_question_edits_its_answer() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        let question = telegram.says(chat, RAHIMA, "ছাদে কি সবজি চাষ করা যায়?");
        let sent = answer(telegram, chat, 0).await;
        telegram.edits(chat, question, "ভালো বীজ কোথায় পাব?");
        let changed = telegram
            .wait("the change", |world| world.sent(chat).into_iter().find(|sent| sent.edits == 1))
            .await;
        assert_eq!(changed.id, sent.id);
        assert!(changed.text.contains("উপজেলা কৃষি অফিসে"), "{}", changed.text);
        // The same text again, as when a link preview is added, changes nothing.
        telegram.edits(chat, question, "ভালো বীজ কোথায় পাব?");
        telegram.says(chat, RAHIMA, "/help");
        let help = answer(telegram, chat, 1).await;
        assert!(help.text.contains("/topics"), "{}", help.text);
        assert_eq!(telegram.world(|world| world.calls_of("EditMessageText").count()), 1);
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_edit_of_unknown_outcome_is_retried_and_never_sent_as_a_new_message() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        let question = telegram.says(chat, RAHIMA, "ছাদে কি সবজি চাষ করা যায়?");
        answer(telegram, chat, 0).await;
        let fault = || Fault::new("editMessageText", Wrong::DropAfter);
        for (times, text) in [(1, "ভালো বীজ কোথায় পাব?"), (3, "গাছে দিনে কয়বার পানি দেব?")]
        {
            telegram.world(|world| world.faults.push(Fault { times, ..fault() }));
            telegram.edits(chat, question, text);
        }
        telegram.says(chat, RAHIMA, "/help");
        assert!(answer(telegram, chat, 1).await.text.contains("/topics"));
        let first = answer(telegram, chat, 0).await;
        assert!(first.text.contains("মাটি ভেজা থাকলে"), "{}", first.text);
        assert_eq!(telegram.world(|world| world.sent(chat).len()), 2);
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_gets_one_kind_hint() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        for part in 0..3 {
            let photo = json!([{ "file_id": part, "width": 1, "height": 1 }]);
            telegram.posts(chat, RAHIMA, &json!({ "photo": photo, "media_group_id": "album" }));
        }
        assert!(answer(telegram, chat, 0).await.text.starts_with("আমি শুধু লেখা পড়তে পারি"));
        for (number, what) in [(1, "voice"), (2, "sticker")] {
            telegram.posts(chat, RAHIMA, &json!({ what: { "file_id": "v" } }));
            assert!(answer(telegram, chat, number).await.text.starts_with("আমি শুধু লেখা পড়তে পারি"));
        }
        telegram.says(chat, RAHIMA, "😂");
        assert!(answer(telegram, chat, 3).await.text.starts_with("আমি শুধু লেখা পড়তে পারি"));
        telegram.posts(chat, RAHIMA, &json!({ "photo": [], "caption": "ভালো বীজ কোথায় পাব?" }));
        let sent = answer(telegram, chat, 4).await;
        assert!(sent.text.contains("উপজেলা কৃষি অফিসে"), "a caption is a question: {}", sent.text);
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_operator_sets_the_person_to_talk_to() {
    for mode in [super::Mode::Polling, super::Mode::Webhook] {
        let rig = super::Rig::start_with(mode, &[("OPERATORS", "7002")]).await;
        let telegram = &rig.telegram;
        let (rahima, operator) = (private(telegram, RAHIMA), private(telegram, 7_002));
        telegram.says(rahima, RAHIMA, "/contact @evil_person");
        assert!(answer(telegram, rahima, 0).await.text.contains("আমি চিনি না"));
        telegram.says(operator, 7_002, "/contact @guide_owner");
        assert!(answer(telegram, operator, 0).await.text.contains("@guide_owner"));
        telegram.says(operator, 7_002, "/contact");
        telegram.says(operator, 7_002, "/contact guide_owner");
        telegram.says(operator, 7_002, "/contact https://t.me/guide_owner");
        assert!(
            answer(telegram, operator, 1).await.text.starts_with("মানুষের সঙ্গে কথা বলার ঠিকানা এখন: @guide_owner")
        );
        assert!(
            answer(telegram, operator, 2).await.text.starts_with("বদলাতে এভাবে লিখুন"),
            "no link and no @name"
        );
        assert!(answer(telegram, operator, 3).await.text.contains("@guide_owner"));
        telegram.says(rahima, RAHIMA, "আজকে খেলার স্কোর কত");
        let fallback = answer(telegram, rahima, 1).await;
        let link = fallback.buttons().find(|button| button["url"] == "https://t.me/guide_owner");
        assert!(link.is_some(), "{:?}", fallback.labels());
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_person_who_exceeds_the_rate_limit_waits_and_is_told_once() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        for _ in 0..9 {
            telegram.says(chat, RAHIMA, "/privacy");
        }
        let (told, time) = telegram
            .wait("all answers", |world| {
                let sent = world.sent(chat);
                let answers: Vec<_> =
                    sent.iter().filter(|sent| sent.text.starts_with("গোপনীয়তা")).map(|sent| sent.at).collect();
                (answers.len() == 9).then(|| (sent.len() - answers.len(), answers[8] - answers[0]))
            })
            .await;
        assert_eq!(told, 1, "it is said once");
        // Six at once, then one every two seconds.
        assert!(time > Duration::from_secs(4), "{time:?}");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_questions_get_two_answers_and_a_related_one_is_a_press_away() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        telegram.says(chat, RAHIMA, "ছাদে কি সবজি চাষ করা যায়? ভালো বীজ কোথায় পাব?");
        let both = answer(telegram, chat, 0).await;
        assert!(both.text.contains("অন্তত ৬ ঘণ্টা রোদ") && both.text.contains("উপজেলা"), "{}", both.text);
        telegram.says(chat, RAHIMA, "ছাদে কি সবজি চাষ করা যায়?");
        let one = answer(telegram, chat, 1).await;
        telegram.presses(chat, RAHIMA, one.id, &one.data("কয়বার পানি"));
        assert!(answer(telegram, chat, 2).await.text.contains("দুইবার"));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn who_asks_again_is_answered_again() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        for number in 0..2 {
            telegram.says(chat, RAHIMA, "ছাদে কি সবজি চাষ করা যায়?");
            assert!(answer(telegram, chat, number).await.text.contains("অন্তত ৬ ঘণ্টা রোদ"));
        }
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn forget_deletes_what_is_tied_to_the_person_and_nobody_elses() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let store = rig.store().await;
        for person in [RAHIMA, 7_002] {
            let chat = private(telegram, person);
            telegram.says(chat, person, "/start rooftop");
            let sent = answer(telegram, chat, 0).await;
            telegram.presses(chat, person, sent.id, &sent.data("👍"));
        }
        let judged = async |times: u64| {
            eventually("the verdicts", || async {
                let verdicts = store.verdicts(0).await.unwrap();
                let helpful = verdicts.first().map_or(0, |verdicts| verdicts.helpful);
                (helpful == times).then_some(())
            })
            .await;
        };
        judged(2).await;
        telegram.says(RAHIMA, RAHIMA, "/forget");
        answer(telegram, RAHIMA, 1).await;
        judged(1).await;
        store.close().await;
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_operator_opens_the_console_by_a_button_where_there_is_https() {
    for (public, page) in [
        ("https://bot.example.org", json!("https://bot.example.org/admin/login")),
        ("http://bot.example.org", json!(null)),
    ] {
        let rig = Rig::start_with(Mode::Polling, &[("OPERATORS", "7001"), ("PUBLIC_URL", public)]).await;
        let chat = private(&rig.telegram, RAHIMA);
        rig.telegram.says(chat, RAHIMA, "/console");
        let sent = answer(&rig.telegram, chat, 0).await;
        let button = &sent.params["reply_markup"]["inline_keyboard"][0][0];
        assert_eq!(button["web_app"]["url"], page, "{}", sent.params);
        assert!(sent.text.contains("কনসোল"), "{}", sent.text);
        rig.app.stop().await.unwrap();
    }
}
