//! What is done in the console, on either database, and seen by another replica.

use reqwest::Method;
use uttor::store::{ClusterId, GroupId, Lesson, Question, Role, Scope};
use uttor::text::mask::Masked;

use super::{Desk, PUBLIC, TOKEN, location, now};
use crate::support::database::Database;

const SETTINGS: [(&str, &str); 2] = [("ADMIN_TOKEN", TOKEN), ("PUBLIC_URL", PUBLIC)];

impl Desk {
    async fn unanswered(&self, text: &str, scope: &Scope, at: i64) -> ClusterId {
        let question = Question { text: &Masked::new(text), channel: "web", scope, entry: None };
        self.store().await.keep_question(&question, None, at).await.unwrap()
    }
}

/// The same story on a database of each kind.
macro_rules! on_both {
    ($($story:ident)*) => {
        $(mod $story {
            #[tokio::test]
            async fn on_sqlite() {
                super::$story(crate::support::database::Database::sqlite()).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if let Some(database) = crate::support::database::Database::postgres().await {
                    super::$story(database).await;
                }
            }
        })*
    };
}

on_both!(unanswered_questions_are_taught_left_out_and_undone);

async fn unanswered_questions_are_taught_left_out_and_undone(database: Database) {
    let desk = Desk::start_with(database, &SETTINGS).await;
    let editor = desk.enter(Role::Editor).await;
    assert!(desk.get("/admin", &editor).await.contains("সব প্রশ্নের উত্তর হয়েছে"));
    let group = Scope::Group(GroupId::new("telegram", "-1001"));
    let watering = desk.unanswered("গাছে দিনে কতবার জল দিতে হয়", &Scope::Base, now()).await;
    let old = now() - 30 * 24 * 3_600;
    for text in ["আজকের খেলা কে জিতেছে", "<script>alert(1)</script>"] {
        for _ in 0..5 {
            desk.unanswered(text, &group, old).await;
        }
    }
    let list = desk.get("/admin/unanswered", &editor).await;
    let at = |text: &str| list.find(text).unwrap_or_else(|| panic!("{text} is missing in {list}"));
    assert!(at("কতবার জল") < at("আজকের খেলা"), "what rises comes first");
    assert!(!list.contains("<script>alert"), "{list}");
    let often = desk.get("/admin/unanswered?order=often", &editor).await;
    assert!(often.find("আজকের খেলা") < often.find("কতবার জল"));
    let filtered = desk.get("/admin/unanswered?group=telegram%3A-1001&channel=web&q=খেলা", &editor).await;
    assert!(filtered.contains("আজকের খেলা") && !filtered.contains("কতবার জল") && !filtered.contains("alert(1)"));
    assert!(desk.get("/admin/unanswered?q=100%25", &editor).await.contains("এমন কোনো প্রশ্ন নেই"));

    let act = format!("belongs:{}:watering", watering.0);
    let taught = desk.post("/admin/unanswered", &editor, &[("act", &act), ("back", "/admin/unanswered")]).await;
    let to = location(&taught).to_owned();
    assert!(to.starts_with("/admin/unanswered?done="), "{to}");
    let shown = desk.get(&to, &editor).await;
    assert!(!shown.contains("কতবার জল") && shown.contains("/admin/undo"), "{shown}");
    assert_eq!(desk.app.ask("গাছে দিনে কতবার জল দিতে হয়").await["entry"], "watering");

    let id = to.rsplit_once('=').unwrap().1.to_owned();
    let undone = desk.post("/admin/undo", &editor, &[("teaching", &id), ("back", "/admin/unanswered")]).await;
    assert!(desk.get(location(&undone), &editor).await.contains("কতবার জল"));
    let foreign = desk.post("/admin/undo", &editor, &[("back", "https://evil.example/admin")]).await;
    assert!(location(&foreign).starts_with("/admin?"), "{}", location(&foreign));

    // Several at once.
    let list = desk.store().await;
    let open = |list: &str| list.matches("name=\"cluster\"").count();
    assert_eq!(open(&desk.get("/admin/unanswered", &editor).await), 3);
    let clusters: Vec<String> = (1..=3).map(|id| id.to_string()).collect();
    let form: Vec<(&str, &str)> =
        clusters.iter().skip(1).map(|id| ("cluster", id.as_str())).chain([("act", "none")]).collect();
    desk.post("/admin/unanswered", &editor, &form).await;
    assert_eq!(open(&desk.get("/admin/unanswered", &editor).await), 1);
    let left_out = desk.get("/admin/unanswered?state=ignored", &editor).await;
    assert!(left_out.contains("আজকের খেলা"), "{left_out}");
    let taught = list.teachings(Some(&Scope::Base), None, 10).await.unwrap();
    assert!(taught.iter().any(|one| matches!(&one.lesson, Lesson::CounterExample { text } if text.contains("খেলা"))));
    assert!(taught.iter().all(|one| one.author.starts_with("console:")), "{taught:?}");

    // Any entry by search, in the page of one question.
    let one = desk.get(&format!("/admin/unanswered/{}?q=কম্পোস্ট", watering.0), &editor).await;
    assert!(one.contains(&format!("belongs:{}:compost", watering.0)), "{one}");
    assert_eq!(desk.send(Method::GET, "/admin/unanswered/999", &editor, &[]).await.status(), 404);
    let unknown = [("act", "belong"), ("entry", "nowhere"), ("cluster", "1")];
    let refused = desk.post("/admin/unanswered", &editor, &unknown).await;
    assert!(refused.text().await.unwrap().contains("nowhere"));
    let english = format!("{editor}; uttor_console_language=en");
    assert!(desk.get("/admin/log", &english).await.contains("taught no."));

    // A viewer looks and is offered no button.
    let viewer = desk.enter(Role::Viewer).await;
    let list = desk.get("/admin/unanswered", &viewer).await;
    assert!(list.contains("কতবার জল") && !list.contains("name=\"act\""), "{list}");

    if desk.database.is_postgres() {
        let url = desk.database.url.clone();
        let settings = [SETTINGS.as_slice(), &[("DATABASE_URL", url.as_str())]].concat();
        let other = crate::support::app::TestApp::start_with(&crate::support::app::garden(), &settings).await;
        let elsewhere = desk.client.get(format!("{}/admin", other.url)).header("cookie", &editor).send().await;
        assert_eq!(elsewhere.unwrap().status(), 200, "replicas share sessions");
        other.stop().await.unwrap();
    }
}
