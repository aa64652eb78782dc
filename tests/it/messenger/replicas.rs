//! Two programs on one PostgreSQL: what one took the other leaves alone, and both know what was said.

use std::collections::HashSet;
use std::time::Duration;

use super::{Rig, launch};
use crate::support::app::{eventually, garden};
use crate::support::database::Database;
use crate::support::graph::{Fault, PAGE, Signature, World, Wrong, body, now, presses, says};

const ROOF: &str = "ছাদে কি বাগান করা যায়?";

#[tokio::test]
async fn two_programs_answer_once_and_share_what_they_know() {
    let Some(database) = Database::postgres().await else { return };
    let rig = Rig::start_with(&[("DATABASE_URL", &database.url)]).await;
    let other = launch(&rig.graph, &garden(), &rig.settings).await;
    let to_other = async |events: &[serde_json::Value]| {
        let status = rig.graph.deliver_to(&other.url, body(events), Signature::Right).await;
        assert!(status.is_success(), "{status}");
    };

    // The same deliveries come to both at the same time.
    let events: Vec<_> = (0..40).map(|n| says(&format!("61{n:02}"), &format!("m_61{n:02}"), ROOF)).collect();
    for some in events.chunks(10) {
        tokio::join!(rig.deliver(some), to_other(some));
    }
    rig.graph.wait("answers", |world| (world.sent.len() >= 40).then_some(())).await;
    let reached: HashSet<String> =
        rig.graph.world(|world| world.sent.iter().map(|sent| sent.to.clone()).collect());
    assert_eq!((reached.len(), rig.graph.world(|world| world.sent.len())), (40, 40));

    // What one hears of a person's word silences the other, and what brings the bot back there brings it back here.
    let human = serde_json::json!({
        "sender": { "id": PAGE }, "recipient": { "id": "62" }, "timestamp": now(),
        "message": { "mid": "m_62_human", "is_echo": true, "text": "জি বলুন" },
    });
    rig.deliver(&[human]).await;
    eventually("the pause", async || {
        (rig.count("uttor_messenger_events_total{what=\"taken\"}").await == 1).then_some(())
    })
    .await;
    to_other(&[says("62", "m_62a", ROOF), presses("62", "m_62b", "বট", "bot")]).await;
    assert!(rig.answer("62", 0).await.text().starts_with("আবার আমি"));
    rig.deliver(&[says("62", "m_62c", ROOF)]).await;
    assert!(rig.answer("62", 1).await.text().contains("৬ ঘণ্টা"));

    // What waits when one ends is answered by the other, once and in its order.
    rig.graph.world(|world| world.is_dead = true);
    rig.deliver(&[says("63", "m_63a", ROOF), says("63", "m_63b", "ভালো বীজ কোথায় পাব?")]).await;
    eventually("not ready", async || (rig.app.get("/readyz").await.status() == 503).then_some(())).await;
    rig.graph.world(|world| world.is_dead = false);
    let Rig { graph, app, .. } = rig;
    app.stop().await.unwrap();
    let all = graph.wait("both", |world| Some(world.sent_to("63")).filter(|all| all.len() == 2)).await;
    assert!(all[0].text().contains("৬ ঘণ্টা") && all[1].text().contains("নার্সারিতে"));
    other.stop().await.unwrap();
    assert_eq!(graph.world(|world| world.sent.len()), 44);
}

#[tokio::test]
async fn one_persons_messages_are_answered_in_their_order_whoever_gets_them() {
    let Some(database) = Database::postgres().await else { return };
    let rig = Rig::start_with(&[("DATABASE_URL", &database.url)]).await;
    let other = launch(&rig.graph, &garden(), &rig.settings).await;
    let questions = [(ROOF, "৬ ঘণ্টা"), ("ভালো বীজ কোথায় পাব?", "নার্সারিতে"), ("ঘরে জৈব সার বানাব কীভাবে?", "বালতিতে")];
    // The first answer takes its time, while the other program has nothing to do.
    let slow = Fault::new("/messages", Wrong::Slow(Duration::from_secs(2))).to("65");
    rig.graph.world(|world| world.faults.push(slow));
    let at = now();
    for (number, url) in [&rig.app.url, &other.url, &rig.app.url, &other.url].into_iter().enumerate() {
        let mut event = says("65", &format!("m_65_{number}"), questions[number % 3].0);
        // Of one moment: only the order in which they came tells them apart.
        event["timestamp"] = at.into();
        assert!(rig.graph.deliver_to(url, body(&[event]), Signature::Right).await.is_success());
    }
    // Nobody else waits for it.
    let to_other = body(&[says("66", "m_66", ROOF)]);
    assert!(rig.graph.deliver_to(&other.url, to_other, Signature::Right).await.is_success());
    rig.answer("66", 0).await;
    assert!(rig.graph.world(|world| world.sent_to("65").is_empty()));
    let all = rig.graph.wait("answers", |world| Some(world.sent_to("65")).filter(|all| all.len() == 4)).await;
    for (sent, (_, part)) in all.iter().zip(questions.iter().cycle()) {
        assert!(sent.text().contains(part), "{}", sent.text());
    }

    // What comes late goes before what waits beside it, and neither waits for what the other program has.
    let slow = Fault::new("/messages", Wrong::Slow(Duration::from_secs(2))).to("68");
    rig.graph.world(|world| world.faults = vec![slow]);
    let of = |number: usize, at: i64| {
        let mut event = says("68", &format!("m_68_{number}"), questions[number % 3].0);
        event["timestamp"] = at.into();
        body(&[event])
    };
    let (here, there) = (&rig.app.url, &other.url);
    for (url, number, after) in [(here, 0, 0), (here, 2, 20), (there, 3, 30), (here, 1, 10)] {
        let status = rig.graph.deliver_to(url, of(number, at + after), Signature::Right).await;
        assert!(status.is_success(), "{status}");
    }
    // Half a minute is when nobody waits any more.
    let look = |world: &World| Some(world.sent_to("68")).filter(|all| all.len() == 4);
    let all = rig.graph.within(Duration::from_secs(20), look).await.unwrap();
    for (sent, (_, part)) in all.iter().zip(questions.iter().cycle()) {
        assert!(sent.text().contains(part), "{}", sent.text());
    }

    // A person's word that one hears comes before what the other hears later.
    let slow = Fault::new("/messages", Wrong::Slow(Duration::from_secs(2))).to("67");
    rig.graph.world(|world| world.faults = vec![slow]);
    rig.deliver(&[says("67", "m_67a", ROOF)]).await;
    let human = serde_json::json!({
        "sender": { "id": PAGE }, "recipient": { "id": "67" }, "timestamp": now(),
        "message": { "mid": "m_67_human", "is_echo": true, "text": "জি বলুন" },
    });
    rig.deliver(&[human]).await;
    let later = body(&[says("67", "m_67b", ROOF)]);
    assert!(rig.graph.deliver_to(&other.url, later, Signature::Right).await.is_success());
    eventually("silence", async || {
        let text = other.get("/metrics").await.text().await.unwrap();
        text.contains("uttor_messenger_events_total{what=\"paused\"} 1").then_some(())
    })
    .await;
    assert_eq!(rig.graph.world(|world| world.sent_to("67").len()), 1);
    rig.app.stop().await.unwrap();
    other.stop().await.unwrap();
}
