//! Conversations in the Page's inbox.

use std::time::Duration;

use serde_json::json;

use super::Rig;
use crate::support::app::eventually;
use crate::support::graph::{Fault, PAGE, Sent, Wrong, now, presses, says};

#[tokio::test]
async fn an_answer_has_its_link_and_quick_replies() {
    let rig = Rig::start().await;
    rig.deliver(&[says("11", "m_11a", "ছাদে কি বাগান করা যায়?")]).await;
    let sent = rig.answer("11", 0).await;
    assert!(sent.text().contains("অন্তত ৬ ঘণ্টা রোদ"), "{}", sent.text());
    assert!(sent.link().unwrap().starts_with("https://example.org/garden#:~:text="));
    assert_eq!(sent.titles()[..2], ["👍", "👎"]);
    assert_eq!(sent.titles().len(), 4);
    assert_eq!(sent.message["metadata"], "uttor");
    let actions = rig.graph.world(|world| world.actions.clone());
    let names: Vec<&str> = actions.iter().map(|(_, action)| action.as_str()).collect();
    assert_eq!(names, ["mark_seen", "typing_on"]);
    // Its quick replies work.
    let related = sent.payload("কয়বার পানি দেব?");
    rig.deliver(&[presses("11", "m_11b", "কয়বার পানি দেব?", &related)]).await;
    assert!(rig.answer("11", 1).await.text().contains("দুইবার"));
    rig.deliver(&[presses("11", "m_11c", "👍", &sent.payload("👍"))]).await;
    assert!(rig.answer("11", 2).await.text().starts_with("ধন্যবাদ"));
    rig.deliver(&[presses("11", "m_11d", "👎", &sent.payload("👎"))]).await;
    assert!(rig.answer("11", 3).await.text().starts_with("জানানোর জন্য ধন্যবাদ"));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn two_questions_are_answered_in_one_reply_each_with_its_heading() {
    let rig = Rig::start().await;
    rig.deliver(&[says("12", "m_12a", "ভালো বীজ কোথায় পাব? আর ঘরে জৈব সার বানাব কীভাবে?")]).await;
    let both = rig.answer("12", 0).await;
    assert!(both.text().contains("নার্সারিতে") && both.text().contains("বালতিতে"), "{}", both.text());
    for heading in ["ভালো বীজ কোথায় পাব?", "ঘরে জৈব সার বানাব কীভাবে?"]
    {
        assert!(both.text().contains(heading), "{}", both.text());
    }
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn suggestions_stand_in_the_text_and_their_labels_in_quick_replies() {
    let rig = Rig::start().await;
    // What is unsure depends on the content: of these at least one is.
    let unsure = ["বাগান পানি সার", "গাছ নিয়ে জানতে চাই", "বীজ আর সার", "টব", "পানি", "বাগান", "সার"];
    for (number, text) in unsure.iter().enumerate() {
        rig.deliver(&[says("13", &format!("m_13_{number}"), text)]).await;
        let sent = rig.answer("13", number).await;
        if sent.text().starts_with("আপনি কি এগুলোর কোনোটি") {
            assert!(sent.text().contains("\n- "), "{}", sent.text());
            assert_eq!(sent.titles().last(), Some(&"এগুলোর কোনোটি নয়"));
            rig.deliver(&[presses("13", "m_13_none", "এগুলোর কোনোটি নয়", "none-of-these")]).await;
            assert!(rig.answer("13", number + 1).await.text().starts_with("ঠিক আছে"));
            return rig.app.stop().await.unwrap();
        }
    }
    panic!("nothing was unsure: {}", rig.graph.world(|world| world.summary()));
}

#[tokio::test]
async fn the_menu_shows_topics_privacy_and_forgets() {
    let rig = Rig::start().await;
    rig.deliver(&[presses("14", "m_14a", "সব বিষয়", "topics")]).await;
    assert_eq!(rig.answer("14", 0).await.titles().len(), 5);
    rig.deliver(&[presses("14", "m_14b", "গোপনীয়তা", "privacy")]).await;
    let privacy = rig.answer("14", 1).await;
    rig.deliver(&[presses("14", "m_14c", "আমার তথ্য মুছুন", &privacy.payload("আমার তথ্য মুছুন"))]).await;
    assert!(rig.answer("14", 2).await.text().contains("মুছে ফেলা হয়েছে"));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn what_is_old_is_not_answered_whatever_the_setting() {
    for settings in [&[][..], &[("MAX_AGE_SECS", "0")]] {
        let rig = Rig::start_with(settings).await;
        let ages = [30 * 60, 2 * 3_600, 25 * 3_600];
        for age in ages {
            let mut event = says("15", &format!("m_15_{age}"), "ছাদে কি বাগান করা যায়?");
            event["timestamp"] = (now() - age * 1_000).into();
            rig.deliver(&[event]).await;
        }
        rig.deliver(&[says("15", "m_15", "ভালো বীজ কোথায় পাব?")]).await;
        let right = if settings.is_empty() { 2 } else { 3 };
        assert!(rig.answer("15", right - 1).await.text().contains("নার্সারিতে"));
        assert_eq!(rig.graph.world(|world| world.sent_to("15").len()), right);
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn whoever_floods_is_slowed_down_and_nobody_else() {
    let rig = Rig::start().await;
    let flood: Vec<_> =
        (0..12).map(|number| says("16", &format!("m_16_{number}"), "ছাদে কি বাগান করা যায়?")).collect();
    rig.deliver(&flood).await;
    rig.deliver(&[says("17", "m_17", "ভালো বীজ কোথায় পাব?")]).await;
    rig.answer("17", 0).await;
    assert!(rig.graph.world(|world| world.sent_to("16").len()) <= 11);
    // Ten answers, one line about it, two answers.
    let all =
        rig.graph.wait("the rest", |world| Some(world.sent_to("16")).filter(|all| all.len() == 13)).await;
    let told = all.iter().filter(|sent| sent.text().contains("ধীরে ধীরে")).count();
    assert_eq!(told, 1);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn messages_of_one_person_are_answered_in_their_order() {
    let rig = Rig::start().await;
    let questions = [
        ("ছাদে কি বাগান করা যায়?", "৬ ঘণ্টা"),
        ("ভালো বীজ কোথায় পাব?", "নার্সারিতে"),
        ("ঘরে জৈব সার বানাব কীভাবে?", "বালতিতে"),
    ];
    for round in 0..3 {
        let events: Vec<_> = questions
            .iter()
            .enumerate()
            .map(|(number, (text, _))| says("18", &format!("m_18_{round}_{number}"), text))
            .collect();
        rig.deliver(&events).await;
    }
    let all = rig.graph.wait("answers", |world| Some(world.sent_to("18")).filter(|all| all.len() == 9)).await;
    for (sent, (_, part)) in all.iter().zip(questions.iter().cycle()) {
        assert!(sent.text().contains(part), "{}", sent.text());
    }
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn of_more_than_can_wait_the_oldest_words_go_and_that_is_said_once() {
    let rig = Rig::start().await;
    let flood = |from: usize, to: usize| -> Vec<_> {
        (from..to).map(|number| says("19", &format!("m_19_{number}"), "ছাদে কি বাগান করা যায়?")).collect()
    };
    let shed = "uttor_messenger_events_total{what=\"shed\"}";
    rig.deliver(&flood(0, 120)).await;
    let is_told = |sent: &Sent| sent.text().contains("আবার লিখে পাঠান");
    rig.graph.wait("a word", |world| world.sent_to("19").iter().any(is_told).then_some(())).await;
    let before = rig.count(shed).await;
    assert!((45..=60).contains(&before), "{before}");
    rig.deliver(&flood(120, 140)).await;
    eventually("more that go", async || (rig.count(shed).await > before + 10).then_some(())).await;
    let sent = rig.graph.world(|world| world.sent_to("19"));
    assert_eq!(sent.iter().filter(|sent| is_told(sent)).count(), 1);
    // Who was not answered meets nobody else's patience.
    rig.deliver(&[says("19b", "m_19b", "ভালো বীজ কোথায় পাব?")]).await;
    rig.answer("19b", 0).await;
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_persons_word_never_goes_however_much_waits() {
    let rig = Rig::start().await;
    let slow = Fault::new("/messages", Wrong::Slow(Duration::from_secs(3))).to("190");
    rig.graph.world(|world| world.faults.push(slow));
    rig.deliver(&[says("190", "m_190_first", "ছাদে কি বাগান করা যায়?")]).await;
    let human = json!({
        "sender": { "id": PAGE }, "recipient": { "id": "190" }, "timestamp": now(),
        "message": { "mid": "m_190_human", "is_echo": true, "text": "জি বলুন" },
    });
    let flood = (0..90).map(|number| says("190", &format!("m_190_{number}"), "ছাদে কি বাগান করা যায়?"));
    rig.deliver(&[human].into_iter().chain(flood).collect::<Vec<_>>()).await;
    let paused = "uttor_messenger_events_total{what=\"paused\"}";
    eventually("silence", async || (rig.count(paused).await >= 63).then_some(())).await;
    let texts = rig.graph.world(|world| world.sent_to("190"));
    let answers = texts.iter().filter(|sent| sent.text().contains("৬ ঘণ্টা")).count();
    assert_eq!(answers, 1, "{texts:?}");
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_like_is_thanked_for_once_a_day_even_after_a_restart() {
    let rig = Rig::start().await;
    let like = |mid: &str, message: serde_json::Value| {
        let mut event = says("191", mid, "");
        event["message"] = message;
        event["message"]["mid"] = mid.into();
        event
    };
    let sticker = json!({ "attachments": [{ "type": "sticker", "payload": { "sticker_id": 369_239_343_222_814_i64 } }] });
    rig.deliver(&[like("m_191a", sticker.clone())]).await;
    assert!(rig.answer("191", 0).await.text().starts_with("ধন্যবাদ"));
    let rig = rig.restart().await;
    rig.deliver(&[like("m_191b", sticker), like("m_191c", json!({ "text": "👍🏽" }))]).await;
    rig.deliver(&[says("191", "m_191d", "ছাদে কি বাগান করা যায়?")]).await;
    assert!(rig.answer("191", 1).await.text().contains("৬ ঘণ্টা"));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn the_link_buttons_of_two_answers_have_names_that_differ() {
    let rig = Rig::start().await;
    rig.deliver(&[says("192", "m_192", "ছাদে কি বাগান করা যায়? ভালো বীজ কোথায় পাব?")]).await;
    rig.answer("192", 0).await;
    let sent = rig
        .graph
        .wait("the links", |world| world.sent_to("192").into_iter().find(|sent| sent.link().is_some()));
    let sent = sent.await;
    let buttons = sent.message["attachment"]["payload"]["buttons"].as_array().unwrap();
    let titles: Vec<&str> = buttons.iter().map(|button| button["title"].as_str().unwrap()).collect();
    assert!(titles.len() == 2 && titles[0] != titles[1] && !titles[0].contains('…'), "{titles:?}");
    rig.app.stop().await.unwrap();
}
