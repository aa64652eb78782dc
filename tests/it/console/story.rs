//! The owner's morning: twenty unanswered questions, worked off without JavaScript, and exported.

use std::io::Cursor;

use uttor::store::{Question, Role, Scope};
use uttor::text::mask::Masked;
use zip::ZipArchive;

use super::{Desk, PUBLIC, TOKEN, location, now};
use crate::support::database::Database;
use crate::support::program::{stdout, uttor};

/// Three that need entries of their own, five that ask for the guide's, two that are nothing, and ten for tomorrow.
const NEW: [&str; 3] = ["টবের মাটি কোথায় কিনব", "মৌমাছি পালন করা যাবে", "drip line kivabe boshabo"];
const KNOWN: [(&str, &str); 5] = [
    ("jol kotobar dite hobe gache bolen", "watering"),
    ("paani din e koybar debo", "watering"),
    ("chad e gach lagaite chai", "rooftop"),
    ("বীজ রাখার নিয়ম কী", "seeds"),
    ("kodal lagbe naki vai", "tools"),
];
const NONE: [&str; 2] = ["আজকের খেলা কে জিতেছে", "শুভ জন্মদিন দোস্ত"];
const LATER: [&str; 10] = [
    "১ নম্বর",
    "২ নম্বর প্রশ্ন",
    "tin number",
    "char number ta",
    "pach er ta",
    "choy nombor",
    "sat nombor",
    "at nombor",
    "noy nombor",
    "dosh nombor",
];

#[tokio::test]
async fn twenty_questions_are_worked_off_on_sqlite() {
    twenty_questions_are_worked_off(Database::sqlite()).await;
}

#[tokio::test]
async fn twenty_questions_are_worked_off_on_postgres() {
    if let Some(database) = Database::postgres().await {
        twenty_questions_are_worked_off(database).await;
    }
}

async fn twenty_questions_are_worked_off(database: Database) {
    let desk = Desk::start_with(database, &[("ADMIN_TOKEN", TOKEN), ("PUBLIC_URL", PUBLIC)]).await;
    let editor = desk.enter(Role::Editor).await;
    let store = desk.store().await;
    let mut numbers = Vec::new();
    let known = KNOWN.map(|(text, _)| text);
    for text in NEW.iter().chain(&known).chain(&NONE).chain(&LATER) {
        let masked = Masked::new(text);
        let question = Question { text: &masked, channel: "web", scope: &Scope::Base, entry: None };
        numbers.push((*text, store.keep_question(&question, None, now()).await.unwrap().0.to_string()));
    }
    let number = |text: &str| numbers.iter().find(|(own, _)| *own == text).unwrap().1.as_str();
    let open = async || {
        let mut count = 0;
        for page in 0..3 {
            let list = desk.get(&format!("/admin/unanswered?page={page}"), &editor).await;
            count += list.matches("name=\"cluster\"").count();
        }
        count
    };
    assert_eq!(open().await, 20);
    for (at, text) in NEW.iter().enumerate() {
        let id = format!("new-{at}");
        let form = [
            ("question", *text),
            ("label", &id),
            ("answer", "বাগানের দোকানে জিজ্ঞেস করুন।"),
            ("id", &id),
            ("cluster", number(text)),
            ("accepted", "1"),
        ];
        let created = desk.post("/admin/entries/new", &editor, &form).await;
        assert!(location(&created).contains(&id), "{}", created.text().await.unwrap());
    }
    let mut undo = String::new();
    for (text, entry) in KNOWN {
        let act = format!("belongs:{}:{entry}", number(text));
        let taught = desk.post("/admin/unanswered", &editor, &[("act", &act), ("accepted", "1")]).await;
        location(&taught).rsplit_once("done=").expect("taught").1.clone_into(&mut undo);
    }
    let form =
        [("act", "none"), ("cluster", number(NONE[0])), ("cluster", number(NONE[1])), ("accepted", "1")];
    desk.post("/admin/unanswered", &editor, &form).await;
    assert_eq!(open().await, 10);
    desk.post("/admin/undo", &editor, &[("teaching", &undo)]).await;
    assert_eq!(open().await, 11);

    let export = desk.send(reqwest::Method::GET, "/admin/export.zip", &editor, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let archive = Cursor::new(export.bytes().await.unwrap());
    ZipArchive::new(archive).unwrap().extract(folder.path()).unwrap();
    let checked = uttor().args(["check", "--faq"]).arg(folder.path()).output().unwrap();
    let said = stdout(&checked);
    assert!(checked.status.success() && said.contains("8 entries"), "{said}");
    let log = desk.get("/admin/log", &editor).await;
    assert!(log.matches("<tr>").count() >= 11, "{log}");
}
