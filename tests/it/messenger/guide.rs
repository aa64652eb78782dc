//! The README's steps on our side, done as a Page's admin does them who has never seen the program: with the program
//! itself, its `.env`, and what goes wrong on the way.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output};

use reqwest::StatusCode;
use serde_json::json;
use tokio::task::spawn_blocking;

use crate::support::app::{eventually, garden};
use crate::support::graph::{Graph, PAGE, SECRET, Signature, TOKEN, VERIFY, World, body, now, presses, says};
use crate::support::program::{stderr, stdout};
use crate::support::serving;

const ROOF: &str = "ছাদে কি বাগান করা যায়?";

/// Writes `.env` with the stand-in's settings, those in `other` in their place.
fn write(folder: &Path, graph: &Graph, other: &[(&str, &str)]) {
    let mut lines = vec!["ARTICLE_URL=https://example.org/garden".to_owned()];
    for (name, value) in graph.settings() {
        let value = other.iter().find(|(other, _)| *other == name).map_or(value, |(_, value)| value);
        lines.push(format!("{name}={value}"));
    }
    fs::write(folder.join(".env"), lines.join("\n")).unwrap();
}

fn uttor(folder: &Path) -> Command {
    let mut command = serving::uttor(folder);
    command.arg("--faq").arg(garden());
    command
}

async fn run(folder: &Path, words: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = uttor(folder);
    command.args(words).envs(settings.iter().copied());
    let output = spawn_blocking(move || command.output().unwrap()).await.unwrap();
    tells_no_secret(&(stdout(&output) + &stderr(&output)));
    output
}

fn tells_no_secret(told: &str) {
    for secret in [TOKEN, SECRET, VERIFY, "no-token", "no-secret"] {
        assert!(!told.contains(secret), "{told}");
    }
}

/// The program while it serves.
struct Served(std::process::Child, String);

impl Served {
    fn start(folder: &Path) -> Self {
        let (child, address) = serving::started(&mut uttor(folder));
        Self(child, format!("http://{address}"))
    }

    async fn is_ready(&self) -> (StatusCode, String) {
        let answer = reqwest::get(format!("{}/readyz", self.1)).await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// Ends it; what it has logged.
    async fn stop(mut self) -> String {
        serving::signal(&self.0, "-TERM");
        let log = spawn_blocking(move || {
            let mut log = String::new();
            self.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
            assert_eq!(self.0.wait().unwrap().code(), Some(0));
            log
        });
        let log = log.await.unwrap();
        tells_no_secret(&log);
        log
    }
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named_with_what_to_do() {
    let (graph, folder) = (Graph::start().await, tempfile::tempdir().unwrap());
    let folder = folder.path();
    write(folder, &graph, &[("MESSENGER_VERIFY_TOKEN", "")]);
    for words in [&[][..], &["messenger", "setup"], &["messenger", "check"]] {
        let refused = run(folder, words, &[]).await;
        assert_eq!(refused.status.code(), Some(2));
        let told = stderr(&refused);
        assert!(told.contains("is set without MESSENGER_VERIFY_TOKEN; set all four or none"), "{told}");
    }

    write(folder, &graph, &[("MESSENGER_PAGE_TOKEN", "no-token")]);
    for (what, code) in [("setup", 2), ("check", 1)] {
        let refused = run(folder, &["messenger", what], &[]).await;
        assert_eq!(refused.status.code(), Some(code), "{what}");
        let told = stdout(&refused) + &stderr(&refused);
        assert!(told.contains("the Page token is refused"), "{what}: {told}");
        assert!(told.contains("make a new one in the app's Messenger API Settings"), "{what}: {told}");
    }
    let served = Served::start(folder);
    eventually("not ready", async || {
        let (status, told) = served.is_ready().await;
        (status == 503 && told.contains("put it into MESSENGER_PAGE_TOKEN and start uttor again"))
            .then_some(())
    })
    .await;
    let log = served.stop().await;
    assert_eq!(log.matches("MESSENGER_PAGE_TOKEN").count(), 1, "{log}");

    // Every delivery is refused, and that is told once.
    write(folder, &graph, &[("MESSENGER_APP_SECRET", "no-secret")]);
    let served = Served::start(folder);
    for number in 0..5 {
        let event = body(&[says("7600000002", &format!("m_{number}"), ROOF)]);
        let status = graph.deliver_to(&served.1, event, Signature::Right).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    eventually("not ready", async || {
        let (status, told) = served.is_ready().await;
        (status == 503 && told.contains("MESSENGER_APP_SECRET")).then_some(())
    })
    .await;
    let log = served.stop().await;
    assert_eq!(log.matches("a delivery has a wrong signature").count(), 1, "{log}");
    assert!(!log.contains("7600000002"), "{log}");
}

#[tokio::test]
async fn from_the_first_start_to_the_first_answer() {
    let (graph, folder) = (Graph::start().await, tempfile::tempdir().unwrap());
    let folder = folder.path();
    // As Meta's side is after "create an app": nothing is subscribed to.
    graph.world(|world| {
        let sound = World::new();
        *world = World { page_fields: None, ..sound };
    });
    write(folder, &graph, &[]);
    // Meta calls the webhook at once, and nobody is there.
    let here = [("PUBLIC_URL", "http://127.0.0.1:1")];
    let refused = run(folder, &["messenger", "setup"], &here).await;
    assert_eq!(refused.status.code(), Some(2));
    let told = stderr(&refused);
    assert!(told.contains("`uttor serve` has to be running there"), "{told}");
    assert!(graph.world(|world| world.subscriptions == json!([])));

    let served = Served::start(folder);
    let here = [("PUBLIC_URL", served.1.as_str())];
    let callback = format!("{}/messenger/webhook", served.1);
    let done = run(folder, &["messenger", "setup"], &here).await;
    assert!(done.status.success(), "{}", stderr(&done));
    let told = stdout(&done);
    assert!(told.contains(&format!("the app's webhook leads to {callback}\n")), "{told}");
    let check = stdout(&run(folder, &["messenger", "check"], &here).await);
    let wrong: Vec<&str> = check.lines().filter(|line| line.starts_with("wrong: ")).collect();
    assert_eq!(wrong.len(), 1, "{check}");
    assert!(wrong[0].contains("PUBLIC_URL leads to this machine only"), "{check}");

    let deliver = async |event: serde_json::Value| {
        let status = graph.deliver_to(&served.1, body(&[event]), Signature::Right).await;
        assert_eq!(status, StatusCode::OK);
    };
    let answer =
        async |number: usize| graph.wait("an answer", |world| world.sent_to("17").get(number).cloned()).await;
    deliver(presses("17", "m_1", "Get Started", "start")).await;
    assert!(answer(0).await.text().starts_with("স্বাগতম!"));
    deliver(says("17", "m_2", ROOF)).await;
    assert!(answer(1).await.text().contains("৬ ঘণ্টা"));
    // Every item of the menu, and every ice breaker, does something.
    let profile = graph.world(|world| world.profile.clone());
    let menu = &profile["persistent_menu"][0]["call_to_actions"];
    let breakers = &profile["ice_breakers"][0]["call_to_actions"];
    let items = menu.as_array().unwrap().iter().chain(breakers.as_array().unwrap());
    for (number, item) in items.enumerate() {
        let title = item["title"].as_str().or(item["question"].as_str()).unwrap();
        let mid = format!("m_item_{number}");
        deliver(presses("17", &mid, title, item["payload"].as_str().unwrap())).await;
        let said = answer(2 + number).await;
        // "Talk to a person" makes it silent; its button brings it back.
        if item["payload"] == "person" {
            deliver(presses("17", "m_back", "বট", &said.payload("বটকে জিজ্ঞেস করি"))).await;
            graph.wait("the bot", |world| (world.sent_to("17").len() == 4 + number).then_some(())).await;
            graph.world(|world| world.sent.retain(|sent| !sent.text().starts_with("আবার আমি")));
        }
    }
    let before = graph.world(|world| world.sent.len());
    deliver(json!({
        "sender": { "id": PAGE }, "recipient": { "id": "17" }, "timestamp": now(),
        "message": { "mid": "m_human", "is_echo": true, "text": "জি বলুন" },
    }))
    .await;
    deliver(says("17", "m_3", ROOF)).await;
    deliver(says("18", "m_4", ROOF)).await;
    graph.wait("the other's answer", |world| world.sent_to("18").first().cloned()).await;
    assert_eq!(graph.world(|world| world.sent.len()), before + 1);
    let log = served.stop().await;
    assert!(!log.contains("ERROR") && !log.contains("WARN"), "{log}");
}
