//! People take conversations over and give them back.

use serde_json::{Value, json};

use super::Rig;
use crate::support::app::eventually;
use crate::support::graph::{Fault, PAGE, Wrong, now, presses, says};

const ROOF: &str = "ছাদে কি বাগান করা যায়?";

/// A person of the Page writes to `person`.
fn human(person: &str, mid: &str, at: i64) -> Value {
    json!({
        "sender": { "id": PAGE }, "recipient": { "id": person }, "timestamp": at,
        "message": { "mid": mid, "is_echo": true, "app_id": 263_902_037_430_900_i64, "text": "জি বলুন" },
    })
}

async fn is_paused(rig: &Rig, events: u64) {
    eventually("silence", async || {
        (rig.count("uttor_messenger_events_total{what=\"paused\"}").await == events).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_persons_word_silences_the_bot_in_that_conversation_only_even_after_a_restart() {
    let rig = Rig::start().await;
    rig.deliver(&[human("21", "m_21a", now())]).await;
    rig.deliver(&[says("21", "m_21b", ROOF), says("22", "m_22", ROOF)]).await;
    rig.answer("22", 0).await;
    is_paused(&rig, 1).await;
    let rig = rig.restart().await;
    rig.deliver(&[says("21", "m_21c", ROOF), presses("21", "m_21d", "সব বিষয়", "topics")]).await;
    is_paused(&rig, 2).await;
    assert!(rig.graph.world(|world| world.sent_to("21").is_empty()));
    // Nor is it shown as seen.
    assert!(rig.graph.world(|world| world.actions.iter().all(|(person, _)| person != "21")));
    rig.deliver(&[presses("21", "m_21e", "বট", "bot")]).await;
    assert!(rig.answer("21", 0).await.text().starts_with("আবার আমি"));
    rig.deliver(&[says("21", "m_21f", ROOF)]).await;
    rig.answer("21", 1).await;
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn the_pause_is_as_long_as_it_is_set() {
    for (hours, ago, answered) in [("12", 11, false), ("12", 13, true), ("1", 2, true), ("0", 0, true)] {
        let rig = Rig::start_with(&[("HANDOVER_HOURS", hours)]).await;
        rig.deliver(&[human("23", "m_23a", now() - ago * 3_600_000)]).await;
        rig.deliver(&[says("23", "m_23b", ROOF)]).await;
        if answered {
            rig.answer("23", 0).await;
        } else {
            is_paused(&rig, 1).await;
        }
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn whoever_asks_for_a_person_is_told_so_and_gets_no_bot() {
    // With 0 a person's word alone silences nothing.
    for hours in ["12", "0"] {
        let rig = Rig::start_with(&[("HANDOVER_HOURS", hours)]).await;
        rig.deliver(&[presses("24", "m_24a", "মানুষের সঙ্গে কথা", "person")]).await;
        let told = rig.answer("24", 0).await;
        assert!(told.text().contains("চুপ থাকছি"), "{}", told.text());
        rig.deliver(&[says("24", "m_24b", ROOF)]).await;
        is_paused(&rig, 1).await;
        rig.deliver(&[presses("24", "m_24c", "বট", &told.payload("বটকে জিজ্ঞেস করি"))]).await;
        rig.answer("24", 1).await;
        assert_eq!(rig.graph.world(|world| world.sent_to("24").len()), 2);
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn what_still_waits_when_a_person_writes_gets_no_bot() {
    let rig = Rig::start().await;
    // More than one person may ask at once.
    let many: Vec<Value> = (0..30).map(|number| says("27", &format!("m_27_{number}"), ROOF)).collect();
    rig.deliver(&many).await;
    rig.answer("27", 9).await;
    rig.deliver(&[human("27", "m_27_human", now())]).await;
    eventually("silence", async || {
        (rig.count("uttor_messenger_events_total{what=\"paused\"}").await >= 5).then_some(())
    })
    .await;
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn while_the_page_is_restricted_a_persons_word_is_heard() {
    let rig = Rig::start().await;
    let restricted = Fault::new("/messages", Wrong::Error(400, 10, 1_893_063)).to("28");
    rig.graph.world(|world| world.faults.push(restricted));
    rig.deliver(&[says("28", "m_28", ROOF)]).await;
    eventually("the restriction", async || {
        (rig.count("uttor_messenger_sends_total{result=\"restricted\"}").await == 1).then_some(())
    })
    .await;
    rig.deliver(&[says("29", "m_29", ROOF)]).await;
    rig.deliver(&[human("29", "m_29_human", now())]).await;
    is_paused(&rig, 1).await;
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn control_that_is_passed_back_ends_the_pause() {
    let rig = Rig::start().await;
    let passed = |mid: i64| {
        json!({
            "sender": { "id": "25" }, "recipient": { "id": PAGE }, "timestamp": now() + mid,
            "pass_thread_control": { "new_owner_app_id": "424242", "previous_owner_app_id": "1" },
        })
    };
    rig.deliver(&[human("25", "m_25a", now())]).await;
    rig.deliver(&[passed(0), says("25", "m_25b", ROOF)]).await;
    rig.answer("25", 0).await;
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn control_that_is_passed_on_or_taken_silences_the_bot_until_it_comes_back() {
    let rig = Rig::start().await;
    let event = |name: &str, owner: &str| {
        json!({
            "sender": { "id": "26" }, "recipient": { "id": PAGE }, "timestamp": now(),
            name: { "new_owner_app_id": owner },
        })
    };
    let mut paused = 0;
    for (number, (name, owner)) in
        [("pass_thread_control", "263902037430900"), ("take_thread_control", "")].into_iter().enumerate()
    {
        rig.deliver(&[event(name, owner), says("26", &format!("m_26_{number}"), ROOF)]).await;
        paused += 1;
        is_paused(&rig, paused).await;
        assert_eq!(rig.graph.world(|world| world.sent_to("26").len()), number, "{name}");
        let back = event("pass_thread_control", "424242");
        rig.deliver(&[back, says("26", &format!("m_26_back_{number}"), ROOF)]).await;
        rig.answer("26", number).await;
    }
    // Whoever only asks for it does not get it.
    rig.deliver(&[event("request_thread_control", "1"), says("26", "m_26_end", ROOF)]).await;
    rig.answer("26", 2).await;
    rig.app.stop().await.unwrap();
}
