//! Instagram's direct messages and comments, over the same webhook.

use serde_json::{Value, json};

use super::Rig;
use super::parts::long_winded;
use crate::support::app::eventually;
use crate::support::graph::run::run_at;
use crate::support::graph::{INSTAGRAM, Signature, instagram_body, now, says};

const ROOF: &str = "ছাদে কি বাগান করা যায়?";
const SUN: &str = "৬ ঘণ্টা";

async fn start(settings: &[(&str, &str)]) -> Rig {
    Rig::start_with(&[settings, &[("MESSENGER_INSTAGRAM_ID", INSTAGRAM)]].concat()).await
}

async fn deliver(rig: &Rig, events: &[Value], changes: &[Value]) {
    let body = instagram_body(events, changes);
    let status = rig.graph.deliver_to(&rig.app.url, body, Signature::Right).await;
    assert!(status.is_success());
}

/// An event of Instagram in which `person` sends this message.
fn sends(person: &str, message: &Value) -> Value {
    json!({
        "sender": { "id": person }, "recipient": { "id": INSTAGRAM }, "timestamp": now(), "message": message,
    })
}

fn asks(person: &str, mid: &str, text: &str) -> Value {
    sends(person, &json!({ "mid": mid, "text": text }))
}

/// The echo of what the account wrote to `person`.
fn echo(person: &str, mid: &str, text: &str) -> Value {
    json!({
        "sender": { "id": INSTAGRAM }, "recipient": { "id": person }, "timestamp": now(),
        "message": { "mid": mid, "text": text, "is_echo": true },
    })
}

fn comment(person: &str, id: &str, text: &str) -> Value {
    json!({
        "field": "comments",
        "value": {
            "id": id, "text": text, "from": { "id": person, "username": "n" },
            "media": { "id": "17900000000000777", "media_product_type": "FEED" },
        },
    })
}

async fn is_paused(rig: &Rig, events: u64) {
    eventually("silence", async || {
        (rig.count("uttor_messenger_events_total{what=\"paused\"}").await == events).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_direct_message_is_answered_within_instagrams_limits() {
    let folder = long_winded();
    let rig = Rig::start_at(folder.path(), &[("MESSENGER_INSTAGRAM_ID", INSTAGRAM)]).await;
    deliver(&rig, &[asks("8801", "m_i1", ROOF)], &[]).await;
    let linked = |world: &crate::support::graph::World| {
        world
            .sent_to("8801")
            .last()
            .is_some_and(|sent| sent.text().contains("https://example.org/garden#:~:text="))
    };
    rig.graph.wait("the link", |world| linked(world).then_some(())).await;
    let sent = rig.graph.world(|world| world.sent_to("8801"));
    assert!(sent.len() >= 3, "{}", sent.len());
    let (last, before) = sent.split_last().unwrap();
    assert_eq!(last.titles()[..2], ["👍", "👎"]);
    assert!(before.iter().all(|sent| sent.titles().is_empty() && sent.text().len() <= 1_000));
    assert!(before[0].text().ends_with('।'), "{}", before[0].text());
    assert!(rig.graph.world(|world| world.actions.contains(&("8801".to_owned(), "typing_on".to_owned()))));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn without_its_setting_and_for_another_account_instagram_is_off() {
    let rig = Rig::start().await;
    deliver(&rig, &[asks("8802", "m_i2", ROOF)], &[comment("8802", "17902", ROOF)]).await;
    rig.deliver(&[says("62", "m_62", ROOF)]).await;
    rig.answer("62", 0).await;
    assert!(rig.graph.world(|world| world.sent_to("8802").is_empty()));
    rig.app.stop().await.unwrap();
}

/// A message, and whether it is answered with the hint that only text is read, with the answer, or not at all.
#[tokio::test]
async fn every_shape_of_a_message_gets_what_it_should() {
    let rig = start(&[]).await;
    let hint = "শুধু লেখা পড়তে পারি";
    let shapes = [
        (json!({ "text": ROOF }), Some(SUN)),
        (
            json!({ "text": ROOF, "reply_to": { "story": { "id": "1", "url": "https://example.org/s" } } }),
            Some(SUN),
        ),
        (json!({ "text": ROOF, "reply_to": { "mid": "m_0" } }), Some(SUN)),
        (json!({ "text": "রোদ", "quick_reply": { "payload": "entry:rooftop" } }), Some(SUN)),
        (
            json!({ "attachments": [{ "type": "image", "payload": { "url": "https://example.org/p" } }] }),
            Some(hint),
        ),
        (json!({ "attachments": [{ "type": "ig_reel", "payload": {} }] }), Some(hint)),
        (json!({ "is_unsupported": true }), Some(hint)),
        (
            json!({ "attachments": [{ "type": "story_mention", "payload": { "url": "https://example.org/s" } }] }),
            None,
        ),
        (json!({ "is_deleted": true }), None),
        (json!({ "text": ROOF, "is_echo": true }), None),
    ];
    for (number, (mut message, expected)) in shapes.into_iter().enumerate() {
        let person = format!("881{number}");
        message["mid"] = format!("m_s{number}").into();
        let event = if message["is_echo"] == true {
            echo(&person, "m_echo", "জি বলুন")
        } else {
            sends(&person, &message)
        };
        let status = rig
            .graph
            .deliver_to(&rig.app.url, instagram_body(std::slice::from_ref(&event), &[]), Signature::Forged)
            .await;
        assert_eq!(status, 403);
        // The second one is a redelivery.
        deliver(&rig, std::slice::from_ref(&event), &[]).await;
        deliver(&rig, &[event], &[]).await;
        match expected {
            Some(text) => {
                let said = rig.answer(&person, 0).await;
                assert!(said.text().contains(text), "{message}: {}", said.text());
            }
            None if message["is_echo"] == true => {}
            None => {
                deliver(&rig, &[asks(&person, &format!("m_t{number}"), ROOF)], &[]).await;
                assert!(rig.answer(&person, 0).await.text().contains(SUN), "{message}");
            }
        }
        assert!(rig.graph.world(|world| world.sent_to(&person).len()) <= 1, "{message}");
    }
    // What comes as a button's press.
    let press = json!({
        "sender": { "id": "8820" }, "recipient": { "id": INSTAGRAM }, "timestamp": now(),
        "postback": { "mid": "m_p", "title": "ছাদ", "payload": "entry:rooftop" },
    });
    let strange =
        json!({ "sender": { "id": "8820" }, "recipient": { "id": INSTAGRAM }, "read": { "mid": "m" } });
    deliver(&rig, &[strange, press], &[]).await;
    assert!(rig.answer("8820", 0).await.text().contains(SUN));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_persons_word_silences_the_bot_and_its_own_echo_does_not() {
    let rig = start(&[]).await;
    deliver(&rig, &[asks("8830", "m_a", ROOF)], &[]).await;
    let said = rig.answer("8830", 0).await;
    // Its own words come back without a mark, also after a restart.
    let rig = rig.restart().await;
    deliver(&rig, &[echo("8830", "m_own", said.text()), asks("8830", "m_b", "ভালো বীজ কোথায় পাব?")], &[]).await;
    assert!(rig.answer("8830", 1).await.text().contains("নার্সারিতে"));
    deliver(&rig, &[echo("8830", "m_human", "জি, বলুন"), asks("8830", "m_c", ROOF)], &[]).await;
    is_paused(&rig, 1).await;
    // The same number at the Page is somebody else.
    rig.deliver(&[says("8831", "m_page", ROOF)]).await;
    deliver(&rig, &[echo("8831", "m_human2", "জি, বলুন"), asks("8831", "m_d", ROOF)], &[]).await;
    is_paused(&rig, 2).await;
    assert_eq!(rig.graph.world(|world| world.sent_to("8830").len()), 2);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_message_that_is_taken_back_before_its_answer_gets_none() {
    let rig = start(&[]).await;
    let mut taken_back = sends("8840", &json!({ "mid": "m_gone", "is_deleted": true }));
    taken_back["timestamp"] = (now() + 5).into();
    deliver(&rig, &[taken_back], &[]).await;
    deliver(&rig, &[asks("8840", "m_gone", ROOF), asks("8840", "m_stays", "ভালো বীজ কোথায় পাব?")], &[]).await;
    assert!(rig.answer("8840", 0).await.text().contains("নার্সারিতে"));
    assert_eq!(rig.count("uttor_messenger_events_total{what=\"unsent\"}").await, 1);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn comments_get_a_private_reply_and_a_line_below() {
    let rig = start(&[("MESSENGER_COMMENTS", "public")]).await;
    let own = comment(INSTAGRAM, "17950", ROOF);
    deliver(&rig, &[], &[comment("8850", "17951", ROOF), comment("8851", "17952", "নাইস"), own]).await;
    let private = rig.answer("comment:17951", 0).await;
    assert!(private.text().contains(SUN), "{}", private.text());
    let lines =
        rig.graph.wait("the line", |world| Some(world.comments.clone()).filter(|all| !all.is_empty())).await;
    assert_eq!(lines[0].0, "17951");
    deliver(&rig, &[asks("8852", "m_e", ROOF)], &[]).await;
    rig.answer("8852", 0).await;
    assert_eq!(rig.graph.world(|world| (world.sent.len(), world.comments.len())), (2, 1));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn each_question_on_instagram_is_answered_once_in_spite_of_faults() {
    let rig = start(&[]).await;
    let questions = ["ছাদে কি বাগান করা যায়?", "valo bij kothay pabo"];
    let outcome = run_at(&rig.graph, &rig.app.url, 200, &questions, INSTAGRAM).await;
    assert_eq!(outcome.once + outcome.unknown, outcome.questions, "{outcome:?}");
    rig.app.stop().await.unwrap();
}
