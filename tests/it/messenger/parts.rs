//! Answers that go out in several parts, and what a crash leaves of them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use super::Rig;
use crate::support::app::{eventually, garden, garden_copy};
use crate::support::graph::{Fault, Sent, Wrong, now, says};

const ROOF: &str = "ছাদে কি বাগান করা যায়?";
const SEEDS: &str = "ভালো বীজ কোথায় পাব?";

/// How the parts of the long answer begin: its text, and the link, for which there is no room below it.
const PARTS: [&str; 2] = ["দীর্ঘ উত্তর", "বিস্তারিত গাইডে"];

/// The content with an answer of two messages.
pub fn long_winded() -> TempDir {
    let folder = garden_copy();
    let answer = format!("দীর্ঘ উত্তর। {}", "ছাদে রোদ লাগবে। ".repeat(50));
    change(folder.path(), "rooftop", "answer", &format!("\"\"\"\n{answer}\"\"\""));
    folder
}

/// Gives a key of an entry another value, as TOML writes it.
fn change(folder: &Path, entry: &str, key: &str, value: &str) {
    let file = folder.join(format!("{entry}.toml"));
    let written = fs::read_to_string(&file).unwrap();
    let (before, rest) = written.split_once(&format!("{key} = ")).unwrap();
    let mark = if rest.starts_with("\"\"\"") { "\"\"\"" } else { "\"" };
    let (_, after) = rest.strip_prefix(mark).and_then(|rest| rest.split_once(mark)).unwrap();
    fs::write(&file, format!("{before}{key} = {value}{after}")).unwrap();
}

/// Which parts reached `person`, in their order; anything else is 9.
fn parts(rig: &Rig, person: &str) -> Vec<usize> {
    let sent = rig.graph.world(|world| world.sent_to(person));
    let number = |text: &str| PARTS.iter().position(|part| text.starts_with(part)).unwrap_or(9);
    sent.iter().map(|sent| number(sent.text())).collect()
}

/// Asks something else, whose answer comes after all that concerns what was asked before.
async fn is_over(rig: &Rig, person: &str) {
    rig.deliver(&[says(person, &format!("m_after_{person}"), SEEDS)]).await;
    let answered = |text: &str| text.contains("নার্সারিতে");
    rig.graph
        .wait("the end", |world| world.sent_to(person).last().filter(|last| answered(last.text())).map(drop))
        .await;
}

#[tokio::test]
async fn what_was_on_its_way_in_a_crash_is_looked_for_or_asked_again_and_never_doubled() {
    // Where the conversation is shown it says whether the part is there; else the person is asked to repeat.
    for (on_its_way, shown, is_there) in [
        (0, false, false),
        (1, false, false),
        (0, true, false),
        (1, true, false),
        (0, true, true),
        (1, true, true),
    ] {
        let folder = long_winded();
        let rig = Rig::start_at(folder.path(), &[]).await;
        let hanging = Wrong::Slow(Duration::from_mins(5));
        rig.graph.world(|world| {
            world.faults.push(Fault::new("/messages", hanging).to("81").after(on_its_way));
        });
        rig.deliver(&[says("81", "m_81", ROOF)]).await;
        eventually("the request", async || {
            rig.graph.world(|world| world.faults.iter().all(|fault| fault.times == 0)).then_some(())
        })
        .await;
        rig.graph.world(|world| {
            world.shows_conversations = shown;
            if is_there {
                // The link's message shows no text.
                let text = if on_its_way == 0 {
                    format!("দীর্ঘ উত্তর। {}", "ছাদে রোদ লাগবে। ".repeat(50))
                } else {
                    String::new()
                };
                let message = serde_json::json!({ "text": text.trim() });
                world.sent.push(Sent { to: "81".to_owned(), at: now() / 1_000, message });
            }
        });
        let rig = rig.restart().await;
        is_over(&rig, "81").await;
        let mut said = parts(&rig, "81");
        let asked = rig.graph.world(|world| {
            world.sent_to("81").iter().filter(|sent| sent.text().contains("আবার লিখে পাঠান")).count()
        });
        assert_eq!(asked, usize::from(!shown), "{said:?}");
        let mut right = vec![0, 1, 9];
        if !shown {
            right.retain(|part| *part != on_its_way);
            right.push(9);
        }
        if is_there && on_its_way == 1 {
            right[1] = 9;
        }
        said.sort_unstable();
        right.sort_unstable();
        assert_eq!(said, right, "part {on_its_way} was on its way, shown: {shown}, there: {is_there}");
        assert_eq!(rig.count("uttor_messenger_events_total{what=\"doubtful\"}").await, 1);
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_part_of_unknown_outcome_holds_up_no_other_and_one_that_is_refused_ends_the_answer() {
    let folder = long_winded();
    let rig = Rig::start_at(folder.path(), &[]).await;
    for (person, wrong, after, right) in [
        ("820", Wrong::Drop, 0, &[1, 9][..]),
        ("821", Wrong::DropAfter, 0, &[0, 1, 9]),
        ("822", Wrong::BadGateway, 1, &[0, 9]),
        ("823", Wrong::Error(500, 1_200, 0), 1, &[0, 1, 9]),
        ("824", Wrong::Error(400, 551, 0), 0, &[9]),
    ] {
        let fault = Fault::new("/messages", wrong).to(person).after(after);
        rig.graph.world(|world| world.faults = vec![fault]);
        rig.deliver(&[says(person, &format!("m_{person}"), ROOF)]).await;
        is_over(&rig, person).await;
        assert_eq!(parts(&rig, person), right, "{wrong:?}");
    }
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_token_that_dies_in_the_middle_keeps_the_rest_back_and_sealed() {
    let (folder, data) = (long_winded(), tempfile::tempdir().unwrap());
    let database = format!("sqlite://{}", data.path().join("uttor.db").display());
    let rig = Rig::start_at(folder.path(), &[("DATABASE_URL", &database)]).await;
    let dead = Fault::new("/messages", Wrong::Error(401, 190, 463)).to("83").after(1);
    rig.graph.world(|world| world.faults.push(dead));
    rig.deliver(&[says("83", "m_83", ROOF)]).await;
    eventually("not ready", async || (rig.app.get("/readyz").await.status() == 503).then_some(())).await;
    // Beside the database lies the content, and what was learned of it, which is no secret.
    let files = fs::read_dir(data.path()).unwrap().map(|file| file.unwrap().path());
    let files: Vec<_> = files.filter(|path| path.to_string_lossy().contains("uttor.db")).collect();
    assert!(!files.is_empty());
    for file in files {
        let bytes = fs::read(file).unwrap();
        let words = "দীর্ঘ উত্তর".as_bytes();
        assert!(!bytes.windows(words.len()).any(|window| window == words));
    }
    // Meanwhile the content is another: what was begun is ended as it was.
    fs::copy(garden().join("rooftop.toml"), folder.path().join("rooftop.toml")).unwrap();
    let rig = rig.restart().await;
    is_over(&rig, "83").await;
    assert_eq!(parts(&rig, "83"), [0, 1, 9]);
    assert_eq!(rig.count("uttor_messenger_events_total{what=\"doubtful\"}").await, 0);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn what_another_process_has_taken_over_is_left_to_it() {
    let data = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", data.path().join("uttor.db").display());
    let rig = Rig::start_with(&[("DATABASE_URL", &database)]).await;
    let passing = Fault::new("/messages", Wrong::Error(500, 1_200, 0)).to("84");
    rig.graph.world(|world| world.faults.push(passing));
    rig.deliver(&[says("84", "m_84", ROOF)]).await;
    rig.graph.wait("the refusal", |world| (world.tries("/messages") == 1).then_some(())).await;
    // As a process finds it that was asleep for longer than its lease.
    sqlx::any::install_default_drivers();
    let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&database).await.unwrap();
    let taken = "UPDATE pending SET owner = 'other', leased_until = 9999999999";
    assert_eq!(sqlx::raw_sql(taken).execute(&mut connection).await.unwrap().rows_affected(), 1);
    rig.deliver(&[says("84", "m_84b", SEEDS)]).await;
    assert!(rig.answer("84", 0).await.text().contains("নার্সারিতে"));
    assert_eq!(rig.graph.world(|world| world.sent_to("84").len()), 1);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn what_is_longer_than_a_message_comes_whole_and_is_cut_where_a_reader_pauses() {
    let folder = garden_copy();
    let long = "কথাটি এখানে শেষ হলো। ";
    for (file, question, word) in [
        ("seeds", "ভালো বীজ কোথায় পাব, কীভাবে চিনব, আর কেনার সময় কোন কোন দিকে খেয়াল রাখব?", "বীজের"),
        ("compost", "ঘরে জৈব সার কীভাবে বানাব, কত দিন রাখব, আর কোন কোন জিনিস তাতে দেব না?", "সারের"),
    ] {
        let answer = format!("{word} {}", long.repeat(42));
        change(folder.path(), file, "answer", &format!("\"\"\"\n{}\"\"\"", answer.trim_end()));
        change(folder.path(), file, "question", &format!("\"{question}\""));
    }
    let rig = Rig::start_at(folder.path(), &[]).await;
    rig.deliver(&[says("85", "m_85", "ভালো বীজ কোথায় পাব? আর ঘরে জৈব সার বানাব কীভাবে?")]).await;
    // The stand-in takes 2,000 characters; quick replies stand below the last message only.
    let is_part = |sent: &Sent| sent.text().contains("কথাটি এখানে শেষ হলো।");
    let sent = rig
        .graph
        .wait("both parts", |world| {
            let sent: Vec<Sent> = world.sent_to("85").into_iter().filter(is_part).collect();
            (sent.iter().map(|sent| sent.text().matches("হলো।").count()).sum::<usize>() == 84).then_some(sent)
        })
        .await;
    let texts: Vec<&str> = sent.iter().map(Sent::text).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(sent[0].titles().is_empty());
    assert!(texts.iter().all(|text| text.ends_with('।')), "{texts:?}");
    let whole = texts.concat();
    assert!(["বীজের", "সারের", "খেয়াল রাখব?", "তাতে দেব না?"].iter().all(|part| whole.contains(part)), "{whole}");
    rig.app.stop().await.unwrap();
}
