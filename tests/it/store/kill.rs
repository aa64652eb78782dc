//! A process is killed while it teaches and claims: what it had acknowledged is there, and the store is sound.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use uttor::store::{Author, ClusterState, Clusters, Question, Scope, Store, TeachingId};
use uttor::text::mask::Masked;

use super::{NOW, on_both, phrasing};
use crate::support::database::Database;

/// Set for the process that is to be killed.
const VICTIM: &str = "UTTOR_TEST_VICTIM";

on_both!(nothing_acknowledged_is_lost);

/// How often; more with `KILLS=200`.
fn kills() -> usize {
    std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(6)
}

async fn nothing_acknowledged_is_lost(database: &Database) {
    let mut acknowledged: Vec<i64> = Vec::new();
    for round in 0..kills() {
        let mut victim = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::kill::victim", "--nocapture", "--ignored"])
            .env(VICTIM, &database.url)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut heard = 0;
        for line in BufReader::new(victim.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let Some(id) = line.strip_prefix("taught ") else { continue };
            acknowledged.push(id.parse().unwrap());
            heard += 1;
            // At another point of its work each time: what it does next is under way when it is killed.
            if heard == 1 + round % 7 {
                victim.kill().unwrap();
            }
        }
        victim.wait().unwrap();
    }
    let store = database.open().await;
    assert_eq!(store.examine().await.unwrap().findings, Vec::<String>::new());
    assert!(acknowledged.len() >= kills());
    for id in acknowledged {
        assert!(store.teaching(TeachingId(id)).await.unwrap().is_some(), "teaching {id} is lost");
    }
    // Teaching and leaving the list are one: no cluster but the last of each round is open.
    let which = Clusters { state: ClusterState::Open, scope: None, limit: 1_000, skip: 0 };
    assert!(store.clusters(&which).await.unwrap().len() <= kills());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "is started to be killed"]
async fn victim() {
    let Ok(url) = std::env::var(VICTIM) else { return };
    let store = Store::open(&url).await.unwrap();
    let pid = std::process::id();
    for n in 0..10_000 {
        let text = Masked::new(&format!("question {pid} number {n}"));
        let question = Question { text: &text, channel: "web", scope: &Scope::Base, entry: None };
        let cluster = store.keep_question(&question, None, NOW).await.unwrap();
        store.claim(&store.secret().message("web", &format!("{pid}-{n}")), NOW).await.unwrap();
        let lesson = phrasing("mobile", text.as_str());
        let id = store.teach(&Scope::Base, &lesson, &[cluster], &Author::terminal(), NOW).await.unwrap();
        let mut out = std::io::stdout();
        writeln!(out, "taught {}", id.0).unwrap();
        out.flush().unwrap();
    }
}
