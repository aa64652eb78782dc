//! Verification, and what is taken in: once, durably, within a second.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::json;
use uttor::store::Store;

use super::Rig;
use crate::support::app::{TestApp, eventually, garden};
use crate::support::database::pending;
use crate::support::graph::{Fault, Graph, Signature, VERIFY, Wrong, body, says};
use crate::support::serving;

const ROOF: &str = "ছাদে কি বাগান করা যায়?";

#[tokio::test]
async fn only_the_verify_token_gets_the_challenge_back_as_text() {
    let rig = Rig::start().await;
    let ask = async |mode: &str, token: &str| {
        let challenge = "<b>11582</b>";
        let query = [("hub.mode", mode), ("hub.verify_token", token), ("hub.challenge", challenge)];
        let url = format!("{}/messenger/webhook", rig.app.url);
        rig.app.client.get(url).query(&query).send().await.unwrap()
    };
    let answer = ask("subscribe", VERIFY).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    assert_eq!(answer.text().await.unwrap(), "<b>11582</b>");
    for (mode, token) in [("subscribe", "wrong"), ("subscribe", ""), ("unsubscribe", VERIFY), ("", VERIFY)] {
        assert_eq!(ask(mode, token).await.status(), StatusCode::FORBIDDEN, "{mode} {token}");
    }
    assert_eq!(rig.app.get("/messenger/webhook").await.status(), StatusCode::FORBIDDEN);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let rig = Rig::start().await;
    let send = async |length| {
        let body = vec![b' '; length];
        rig.graph.deliver_to(&rig.app.url, body, Signature::Right).await
    };
    // White space alone is signed, but no JSON.
    assert_eq!(send(4 << 20).await, StatusCode::BAD_REQUEST);
    assert_eq!(send((4 << 20) + 1).await, StatusCode::PAYLOAD_TOO_LARGE);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_redelivery_is_answered_once_even_after_a_restart() {
    let rig = Rig::start().await;
    let event = says("71", "m_once", ROOF);
    let copies = (0..8).map(|_| {
        let (graph, url, body) = (rig.graph.clone(), rig.app.url.clone(), body(std::slice::from_ref(&event)));
        tokio::spawn(async move { graph.deliver_to(&url, body, Signature::Right).await })
    });
    for copy in copies.collect::<Vec<_>>() {
        assert_eq!(copy.await.unwrap(), StatusCode::OK);
    }
    rig.answer("71", 0).await;
    let rig = rig.restart().await;
    rig.deliver(&[event]).await;
    rig.deliver(&[says("71", "m_two", "ভালো বীজ কোথায় পাব?")]).await;
    assert!(rig.answer("71", 1).await.text().contains("নার্সারিতে"));
    assert_eq!(rig.graph.world(|world| world.sent_to("71").len()), 2);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn it_is_acknowledged_at_once_and_one_person_holds_up_nobody() {
    let rig = Rig::start().await;
    let slow = Fault::new("/messages", Wrong::Slow(Duration::from_secs(5))).to("72");
    rig.graph.world(|world| world.faults.push(slow));
    let start = Instant::now();
    rig.deliver(&[says("72", "m_72a", ROOF), says("72", "m_72b", "ভালো বীজ কোথায় পাব?")]).await;
    rig.deliver(&[says("73", "m_73", ROOF)]).await;
    rig.answer("73", 0).await;
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(rig.answer("72", 0).await.text().contains("৬ ঘণ্টা"));
    assert!(rig.answer("72", 1).await.text().contains("নার্সারিতে"));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn what_was_not_answered_when_the_program_ended_is_answered_after_it() {
    let rig = Rig::start().await;
    // The token is dead: what comes is taken, and waits.
    rig.graph.world(|world| world.is_dead = true);
    rig.deliver(&[says("74", "m_74a", ROOF)]).await;
    eventually("not ready", async || {
        (rig.app.get("/readyz").await.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(())
    })
    .await;
    let told = rig.app.get("/readyz").await.text().await.unwrap();
    assert!(told.contains("MESSENGER_PAGE_TOKEN") && !told.contains("StandIn"), "{told}");
    rig.deliver(&[says("74", "m_74b", "ভালো বীজ কোথায় পাব?")]).await;
    assert!(rig.graph.world(|world| world.sent.is_empty()));
    rig.graph.world(|world| world.is_dead = false);
    let rig = rig.restart().await;
    assert!(rig.answer("74", 0).await.text().contains("৬ ঘণ্টা"));
    assert!(rig.answer("74", 1).await.text().contains("নার্সারিতে"));
    assert_eq!(rig.app.get("/readyz").await.status(), StatusCode::OK);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn while_the_store_is_away_it_has_to_come_again() {
    let graph = Graph::start().await;
    let mut settings = graph.settings();
    // A server that is not there, and is waited for.
    settings.push(("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"));
    let app = TestApp::start_with(&garden(), &settings).await;
    let start = Instant::now();
    let event = says("75", "m_75", ROOF);
    let status = graph.deliver_to(&app.url, body(&[event]), Signature::Right).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(start.elapsed() < Duration::from_secs(1));
    // Where there is nothing to be done nothing has to be kept.
    let nothing = json!({ "object": "page", "entry": [] }).to_string().into_bytes();
    assert_eq!(graph.deliver_to(&app.url, nothing, Signature::Right).await, StatusCode::OK);
    app.stop().await.unwrap();
}

#[tokio::test]
async fn the_store_holds_no_word_of_what_waits() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("uttor.db");
    let database = format!("sqlite://{}", file.display());
    let rig = Rig::start_with(&[("DATABASE_URL", &database)]).await;
    rig.graph.world(|world| world.is_dead = true);
    rig.deliver(&[says("7600000001", "m_76", "compost toiri korar niyom")]).await;
    eventually("taken", async || {
        (rig.count("uttor_messenger_events_total{what=\"received\"}").await > 0).then_some(())
    })
    .await;
    assert!(file.exists());
    let files = std::fs::read_dir(data.path()).unwrap().map(|file| file.unwrap().path());
    // Beside the database lies the content, and what was learned of it, which is no secret.
    for file in files.filter(|path| path.to_string_lossy().contains("uttor.db")) {
        let bytes = std::fs::read(file).unwrap();
        for secret in ["compost toiri", "7600000001"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
        }
    }
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn what_was_taken_with_another_secret_is_let_go_of_and_holds_up_nothing() {
    let data = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", data.path().join("uttor.db").display());
    let mut rig = Rig::start_with(&[("DATABASE_URL", &database)]).await;
    rig.graph.world(|world| world.is_dead = true);
    let events: Vec<_> = (0..40).map(|n| says(&format!("78{n:02}"), &format!("m_78{n:02}"), ROOF)).collect();
    rig.deliver(&events).await;
    eventually("not ready", async || (rig.app.get("/readyz").await.status() == 503).then_some(())).await;
    let right = rig.settings.clone();
    for (name, value) in &mut rig.settings {
        if name == "MESSENGER_APP_SECRET" {
            *value = "another".to_owned();
        }
    }
    rig = rig.restart().await;
    let store = Store::open(&database).await.unwrap();
    eventually("the end of all", async || (pending(&store, "messenger").await == 0).then_some(())).await;
    store.close().await;
    rig.graph.world(|world| world.is_dead = false);
    rig.settings = right;
    let rig = rig.restart().await;
    rig.deliver(&events).await;
    rig.deliver(&[says("7900", "m_7900", ROOF)]).await;
    rig.answer("7900", 0).await;
    assert_eq!(rig.graph.world(|world| world.sent.len()), 1);
    rig.app.stop().await.unwrap();
}

/// As a process, since only a process can be killed. The lease of one that is gone is over after twenty seconds.
#[tokio::test]
async fn a_killed_program_loses_nothing_that_was_acknowledged() {
    let graph = Graph::start().await;
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        let mut command = serving::uttor(folder.path());
        command.arg("--faq").arg(garden()).envs(graph.settings()).env("DATABASE_URL", "sqlite://uttor.db");
        let (child, address) = serving::started(&mut command);
        (child, format!("http://{address}"))
    };
    graph.world(|world| world.is_dead = true);
    let (mut child, url) = start();
    let event = says("77", "m_77", ROOF);
    eventually("the acknowledgement", async || {
        let status = graph.deliver_to(&url, body(std::slice::from_ref(&event)), Signature::Right).await;
        (status == StatusCode::OK).then_some(())
    })
    .await;
    child.kill().unwrap();
    child.wait().unwrap();
    graph.world(|world| world.is_dead = false);
    let (mut child, url) = start();
    eventually("the redelivery", async || {
        let status = graph.deliver_to(&url, body(std::slice::from_ref(&event)), Signature::Right).await;
        (status == StatusCode::OK).then_some(())
    })
    .await;
    graph.wait("the answer", |world| world.sent_to("77").first().cloned()).await;
    assert_eq!(graph.world(|world| world.sent_to("77").len()), 1);
    child.kill().unwrap();
    child.wait().unwrap();
}
