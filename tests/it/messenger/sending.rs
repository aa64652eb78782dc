//! What is sent again, and what is not.

use std::time::Duration;

use super::Rig;
use crate::support::app::{TestApp, eventually, garden};
use crate::support::graph::{Fault, Graph, Signature, World, Wrong, body, says};

const ROOF: &str = "ছাদে কি বাগান করা যায়?";

/// What a fault of the first message leads to: tries, messages that arrive, and the name in the metrics.
const TABLE: &[(Wrong, usize, usize, &str)] = &[
    (Wrong::Error(500, 1200, 0), 2, 1, "passing"),
    (Wrong::Error(500, 2, 0), 2, 1, "passing"),
    (Wrong::Error(500, 1, 0), 1, 0, "unknown"),
    (Wrong::BadGateway, 1, 0, "unknown"),
    (Wrong::Drop, 1, 0, "unknown"),
    (Wrong::DropAfter, 1, 1, "unknown"),
    (Wrong::Error(400, 10, 2_018_278), 1, 0, "window"),
    (Wrong::Error(400, 10, 2_018_108), 1, 0, "unreachable"),
    (Wrong::Error(400, 551, 0), 1, 0, "unreachable"),
    (Wrong::Error(400, 100, 2_018_001), 1, 0, "no_such_recipient"),
    // The plain text, once.
    (Wrong::Error(400, 100, 2_018_034), 2, 1, "bad"),
    (Wrong::Error(400, 200, 2_018_028), 1, 0, "permission"),
    (Wrong::Error(400, 230, 0), 1, 0, "refused"),
];

#[tokio::test]
async fn each_failure_is_met_as_the_table_says() {
    let rig = Rig::start().await;
    for (number, (wrong, tries, arrived, name)) in TABLE.iter().enumerate() {
        let person = format!("31{number:02}");
        rig.graph.world(|world| {
            world.calls.clear();
            world.faults = vec![Fault::new("/messages", *wrong).to(&person)];
        });
        let result = format!("uttor_messenger_sends_total{{result=\"{name}\"}}");
        let handled = "uttor_messenger_events_total{what=\"handled\"}";
        let before = (rig.count(&result).await, rig.count(handled).await);
        rig.deliver(&[says(&person, &format!("m_{person}"), ROOF)]).await;
        eventually("its end", async || (rig.count(handled).await > before.1).then_some(())).await;
        assert_eq!(rig.count(&result).await, before.0 + 1, "{wrong:?}");
        let seen = rig.graph.world(|world| (world.tries("/messages"), world.sent_to(&person).len()));
        assert_eq!(seen, (*tries, *arrived), "{wrong:?}");
    }
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_plain_text_that_is_refused_too_is_not_tried_again() {
    let rig = Rig::start().await;
    let fault = Fault::new("/messages", Wrong::Error(400, 100, 0)).to("32").times(9);
    rig.graph.world(|world| world.faults.push(fault));
    rig.deliver(&[says("32", "m_32", ROOF)]).await;
    eventually("its end", async || {
        (rig.count("uttor_messenger_events_total{what=\"handled\"}").await > 0).then_some(())
    })
    .await;
    assert_eq!(rig.graph.world(|world| world.tries("/messages")), 2);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn too_many_requests_stop_the_whole_page_and_lose_nothing() {
    let rig = Rig::start().await;
    let fault = Fault::new("/messages", Wrong::Error(400, 613, 0)).to("33");
    rig.graph.world(|world| world.faults.push(fault));
    rig.deliver(&[says("33", "m_33", ROOF)]).await;
    rig.graph.wait("the refusal", |world| (world.tries("/messages") == 1).then_some(())).await;
    rig.deliver(&[says("34", "m_34", ROOF)]).await;
    // Both wait, and are there after a restart, which knows of no pause.
    let rig = rig.restart().await;
    rig.answer("33", 0).await;
    rig.answer("34", 0).await;
    assert_eq!(rig.graph.world(|world| world.sent.len()), 2);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn what_no_connection_came_about_for_waits_until_there_is_one() {
    let data = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", data.path().join("uttor.db").display());
    let graph = Graph::start().await;
    let mut settings = graph.settings();
    settings.push(("DATABASE_URL", &database));
    for (name, value) in &mut settings {
        if *name == "MESSENGER_GRAPH_URL" {
            *value = "http://127.0.0.1:1";
        }
    }
    let app = TestApp::start_with(&garden(), &settings).await;
    let event = body(&[says("35", "m_35", ROOF)]);
    eventually("the acknowledgement", async || {
        let status = graph.deliver_to(&app.url, event.clone(), Signature::Right).await;
        status.is_success().then_some(())
    })
    .await;
    // All the tries that there are at once.
    eventually("four tries", async || {
        let metrics = app.get("/metrics").await.text().await.unwrap();
        metrics.contains("uttor_messenger_sends_total{result=\"not_sent\"} 4").then_some(())
    })
    .await;
    app.stop().await.unwrap();
    let mut settings = graph.settings();
    settings.push(("DATABASE_URL", &database));
    let app = TestApp::start_with(&garden(), &settings).await;
    graph.wait("the answer", |world| world.sent_to("35").first().cloned()).await;
    app.stop().await.unwrap();
}

#[tokio::test]
async fn what_somebody_has_to_mend_turns_readiness_red_and_keeps_what_comes() {
    type Broken = (&'static str, fn(&mut World), &'static str);
    let broken: [Broken; 4] = [
        ("a dead token", |world| world.is_dead = true, "MESSENGER_PAGE_TOKEN"),
        ("an old version", |world| world.is_old = true, "set MESSENGER_GRAPH_VERSION to a newer one"),
        (
            "a block",
            |world| world.faults.push(Fault::new("/messages", Wrong::Error(400, 368, 0))),
            "see the app's dashboard and the Page's support inbox",
        ),
        (
            "another's token",
            |world| world.faults.push(Fault::new("/messages", Wrong::Error(400, 102, 0))),
            "MESSENGER_PAGE_TOKEN",
        ),
    ];
    for (name, break_it, remedy) in broken {
        let rig = Rig::start().await;
        rig.graph.world(break_it);
        rig.deliver(&[says("36", "m_36", ROOF)]).await;
        let told = eventually("not ready", async || {
            let answer = rig.app.get("/readyz").await;
            let is_red = answer.status() == 503;
            is_red.then_some(answer.text().await.unwrap())
        })
        .await;
        assert!(told.contains(remedy), "{name}: {told}");
        let tries = rig.graph.world(|world| world.tries("/messages"));
        rig.deliver(&[says("36b", "m_36b", ROOF)]).await;
        rig.graph.world(|world| (world.is_dead, world.is_old) = (false, false));
        let rig = rig.restart().await;
        rig.answer("36", 0).await;
        rig.answer("36b", 0).await;
        // What came meanwhile was not even tried.
        assert_eq!(rig.graph.world(|world| world.tries("/messages")), tries + 2, "{name}");
        assert_eq!(rig.app.get("/readyz").await.status(), 200, "{name}");
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_that_nobody_confirms_in_time_is_not_sent_again() {
    let rig = Rig::start().await;
    let slow = Fault::new("/messages", Wrong::Slow(Duration::from_secs(17))).to("37");
    rig.graph.world(|world| world.faults.push(slow));
    rig.deliver(&[says("37", "m_37", ROOF)]).await;
    eventually("the end of patience", async || {
        (rig.count("uttor_messenger_sends_total{result=\"unknown\"}").await == 1).then_some(())
    })
    .await;
    rig.deliver(&[says("37", "m_37b", "ভালো বীজ কোথায় পাব?")]).await;
    rig.answer("37", 0).await;
    assert_eq!(rig.count("uttor_messenger_sends_total{result=\"sent\"}").await, 1);
    assert!(rig.graph.world(|world| world.tries("/messages")) <= 2);
    rig.app.stop().await.unwrap();
}
