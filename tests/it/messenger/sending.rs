//! What is sent again, and what is not.

use super::Rig;
use crate::support::app::{TestApp, eventually, garden};
use crate::support::graph::{Fault, Graph, Signature, Wrong, body, says};

const ROOF: &str = "ছাদে কি বাগান করা যায়?";

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
