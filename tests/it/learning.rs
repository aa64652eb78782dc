//! Unanswered questions are grouped, and what is taught takes effect in every replica.

use std::sync::Arc;
use std::time::{Duration, Instant};

use uttor::faq::Entry;
use uttor::learning::{Asked, Learning, Objection, Proposal, Refusal};
use uttor::library::Library;
use uttor::library::source::Source;
use uttor::message::Place;
use uttor::reply::Outcome;
use uttor::store::{
    Author, Cluster, ClusterState, Clusters, GroupId, Lesson, Scope, Store, TeachingId, Undo,
};
use uttor::view::View;

use crate::store::on_both;
use crate::support::app::{eventually, garden};
use crate::support::database::Database;

const NOW: i64 = 1_700_000_000;

on_both!(
    the_same_question_in_three_spellings_is_one
    what_is_taught_holds_in_every_replica
    questions_that_a_teaching_answers_leave_the_list
    conflicts_are_shown_before
    a_group_has_its_own
    what_cannot_be_taught_is_said
    an_edit_of_the_files_keeps_what_was_taught
);

/// One of several programs on the same store.
struct Replica {
    store: Store,
    library: Arc<Library>,
    learning: Learning,
}

impl Replica {
    async fn start(database: &Database) -> Self {
        let store = database.open().await;
        let library = Arc::new(Library::new(Source::Folder(garden()).load().unwrap()));
        let learning = Learning::start(store.clone(), Arc::clone(&library));
        Self { store, library, learning }
    }

    /// What a person gets, there.
    async fn asked_in(&self, scope: &Scope, text: &str) -> Outcome {
        let view = self.view(scope).await;
        view.decide(&view.find(text, None), Place::Private)
    }

    async fn view(&self, scope: &Scope) -> View {
        View::with(self.library.current(), self.learning.overlay(scope).await)
    }

    async fn answers(&self, scope: &Scope, text: &str, entry: &str) -> bool {
        self.asked_in(scope, text).await == Outcome::Answer(vec![entry.parse().unwrap()])
    }

    async fn teach(&self, scope: &Scope, lesson: Lesson) -> TeachingId {
        self.learning.teach(&proposal(scope, lesson), NOW).await.unwrap()
    }

    async fn undo(&self, id: TeachingId) {
        assert_eq!(self.learning.undo(id, &Author::terminal(), NOW).await.unwrap(), Undo::Done);
    }

    fn note(&self, text: &str, scope: &Scope) {
        self.learning.keep_unanswered(&Asked { text, channel: "web", scope, at: NOW });
    }

    async fn list(&self, state: ClusterState) -> Vec<Cluster> {
        let which = Clusters { state, scope: None, limit: 50, skip: 0 };
        self.store.clusters(&which).await.unwrap()
    }

    /// Waits until so many questions are open.
    async fn open(&self, count: usize) {
        eventually(&format!("{count} open questions"), async || {
            (self.list(ClusterState::Open).await.len() == count).then_some(())
        })
        .await;
    }
}

fn proposal(scope: &Scope, lesson: Lesson) -> Proposal {
    Proposal {
        scope: scope.clone(),
        lesson,
        clusters: Vec::new(),
        author: Author::terminal(),
        accepted: false,
    }
}

fn phrasing(entry: &str, text: &str) -> Lesson {
    Lesson::Phrasing { entry: entry.parse().unwrap(), text: text.to_owned() }
}

fn fishpond() -> Entry {
    Entry {
        id: "fishpond".parse().unwrap(),
        question: "ছাদে মাছ চাষ করা যায়?".to_owned(),
        label: "ছাদে মাছ".to_owned(),
        section: None,
        answer: "বড় ড্রামে তেলাপিয়া রাখা যায়।".to_owned(),
        related: vec!["rooftop".parse().unwrap()],
        phrasings: vec!["chade mach chash kora jay ki".to_owned(), "ড্রামে মাছ পালব কীভাবে".to_owned()],
        picture: None,
    }
}

fn group(name: &str) -> Scope {
    Scope::Group(GroupId::new("telegram", name))
}

async fn the_same_question_in_three_spellings_is_one(database: &Database) {
    let replica = Replica::start(database).await;
    let other = Replica::start(database).await;
    let started = Instant::now();
    for text in [
        "payoneer account kivabe khulbo",
        "পেওনিয়ার একাউন্ট কিভাবে খুলবো?",
        "payonear acount kibabe khulbo vai, amar number 01711234567",
        "Payoneer account kivabe khulbo??",
        "bonsai gach kothay shikhbo",
        "!!!",
    ] {
        replica.note(text, &Scope::Base);
    }
    assert!(started.elapsed() < Duration::from_millis(50), "a reply would have waited");
    replica.learning.finish().await;
    // Another replica knows of the groups.
    other.note("payoneer akaunt kivabe khulbo bhai", &group("-1"));
    other.learning.finish().await;

    let open = replica.list(ClusterState::Open).await;
    assert_eq!(open.len(), 2, "{open:?}");
    assert_eq!((open[0].asked, open[1].asked), (5, 1));
    for wording in replica.store.questions(open[0].id).await.unwrap() {
        assert!(!wording.text.contains("0171"), "{}", wording.text);
    }
    // After the end nothing is taken any more, and nothing breaks.
    replica.note("payoneer account kivabe khulbo", &Scope::Base);
}

async fn what_is_taught_holds_in_every_replica(database: &Database) {
    let (here, there) = (Replica::start(database).await, Replica::start(database).await);
    let text = "gobor diye shar kemne banay";
    assert!(!there.answers(&Scope::Base, text, "compost").await);
    let id = here.teach(&Scope::Base, phrasing("compost", "gobor  diye shar kemne banay ")).await;
    for replica in [&here, &there] {
        eventually("the teaching", async || {
            replica.answers(&Scope::Base, text, "compost").await.then_some(())
        })
        .await;
    }
    let entry = here.teach(&Scope::Base, Lesson::Entry(Box::new(fishpond()))).await;
    eventually("the entry", async || {
        let found = there.answers(&Scope::Base, "ড্রামে মাছ পালব কীভাবে", "fishpond").await;
        found.then_some(())
    })
    .await;
    assert!(there.library.current().faq.entry(&fishpond().id).is_some());

    there.undo(id).await;
    there.undo(entry).await;
    for replica in [&here, &there] {
        eventually("the undoing", async || {
            let gone = replica.library.current().faq.entry(&fishpond().id).is_none();
            (gone && !replica.answers(&Scope::Base, text, "compost").await).then_some(())
        })
        .await;
    }
    // Who starts later knows it too.
    here.teach(&Scope::Base, phrasing("compost", text)).await;
    let library = Arc::new(Library::new(Source::Folder(garden()).load().unwrap()));
    Learning::open(database.open().await, Arc::clone(&library)).await.unwrap();
    let ranking = library.current().matcher.find(text, None);
    assert_eq!(ranking.candidates[0].entry.as_str(), "compost");
}

async fn questions_that_a_teaching_answers_leave_the_list(database: &Database) {
    let replica = Replica::start(database).await;
    replica.note("gobor diye shar kemne banay", &Scope::Base);
    replica.note("bonsai gach kothay shikhbo", &Scope::Base);
    let asked = Asked { text: "dhan katar kachi kinbo naki", channel: "web", scope: &Scope::Base, at: NOW };
    replica.learning.keep_unhelpful(&asked, &"tools".parse().unwrap());
    replica.open(3).await;
    // Without being told which: the question is answered now. An answer that was no help is none.
    let id = replica.teach(&Scope::Base, phrasing("compost", "gobor diye shar kemne banay")).await;
    replica.teach(&Scope::Base, phrasing("tools", "dhan katar kachi kinbo naki")).await;
    replica.open(2).await;
    replica.undo(id).await;
    replica.open(3).await;

    let bonsai = replica.list(ClusterState::Open).await;
    let bonsai = bonsai.iter().find(|cluster| cluster.text.contains("bonsai")).unwrap();
    let ignore = Proposal {
        clusters: vec![bonsai.id],
        ..proposal(&Scope::Base, Lesson::Ignore { text: bonsai.text.clone() })
    };
    replica.learning.teach(&ignore, NOW).await.unwrap();
    replica.open(2).await;
    // Asked again it stays away from the list.
    replica.note("bonsai gach kothay shikhbo vai", &Scope::Base);
    replica.learning.finish().await;
    let ignored = replica.list(ClusterState::Ignored).await;
    assert_eq!((ignored.len(), ignored[0].asked), (1, 2));
}

async fn conflicts_are_shown_before(database: &Database) {
    let replica = Replica::start(database).await;
    // Letter for letter another entry's.
    let moved = phrasing("seeds", "Gache dine koybar pani debo?");
    let Err(Refusal::Conflicts(conflicts)) =
        replica.learning.teach(&proposal(&Scope::Base, moved.clone()), NOW).await
    else {
        panic!("it was taught");
    };
    assert!(conflicts.iter().any(|conflict| conflict.own == Some("watering".parse().unwrap())));
    assert!(replica.store.teachings(None, None, 9).await.unwrap().is_empty());

    let accepted = Proposal { accepted: true, ..proposal(&Scope::Base, moved) };
    replica.learning.teach(&accepted, NOW).await.unwrap();
    eventually("the move", async || {
        replica.answers(&Scope::Base, "gache dine koybar pani debo", "seeds").await.then_some(())
    })
    .await;
    // In a group the same holds for the group alone.
    let own = proposal(&group("-1"), phrasing("tools", "ভালো বীজ কোথায় পাব"));
    let refused = replica.learning.teach(&own, NOW).await;
    assert!(matches!(refused, Err(Refusal::Conflicts(_))), "{refused:?}");
}

async fn a_group_has_its_own(database: &Database) {
    let (here, there) = (Replica::start(database).await, Replica::start(database).await);
    let (own, other) = (group("-1"), group("-2"));
    assert!(there.learning.overlay(&own).await.is_none());
    let text = "amader mali bhai ke kobe pabo";
    let id = here.teach(&own, phrasing("tools", text)).await;
    here.teach(&own, Lesson::Entry(Box::new(fishpond()))).await;
    for replica in [&here, &there] {
        eventually("the group's phrasing", async || {
            replica.answers(&own, "amader mali vai k kobe pabo?", "tools").await.then_some(())
        })
        .await;
        eventually("the group's entry", async || {
            replica.answers(&own, "dram e mach palbo kivabe", "fishpond").await.then_some(())
        })
        .await;
        // The guide is there as before, and nobody else sees anything of it.
        assert!(replica.answers(&own, "protidin pani dite hoy ki", "watering").await);
        for scope in [&other, &Scope::Base] {
            assert!(!replica.answers(scope, text, "tools").await);
            assert!(!replica.answers(scope, "dram e mach palbo kivabe", "fishpond").await);
        }
        assert!(replica.library.current().faq.entry(&fishpond().id).is_none());
    }
    let view = here.view(&own).await;
    assert_eq!(view.entry(&fishpond().id).unwrap().label, fishpond().label);
    assert_eq!(view.entries().count(), here.library.current().faq.entries.len() + 1);

    // What the group refuses is refused there only.
    here.teach(&own, Lesson::CounterExample { text: "ei group er niyom ki".to_owned() }).await;
    there.undo(id).await;
    for replica in [&here, &there] {
        eventually("the undoing", async || (!replica.answers(&own, text, "tools").await).then_some(())).await;
    }
    // For all in the end.
    let again = here.teach(&own, phrasing("tools", text)).await;
    let teaching = here.store.teaching(again).await.unwrap().unwrap();
    let promoted = here.learning.promote(&teaching, false, &Author::terminal(), NOW).await.unwrap();
    assert!(promoted.is_some());
    eventually("the promotion", async || there.answers(&other, text, "tools").await.then_some(())).await;
}

async fn what_cannot_be_taught_is_said(database: &Database) {
    let replica = Replica::start(database).await;
    let long = Entry { label: "ক".repeat(21), ..fishpond() };
    let lost = Entry { related: vec!["nowhere".parse().unwrap()], ..fishpond() };
    let twice = Entry { id: "seeds".parse().unwrap(), ..fishpond() };
    for (lesson, objection) in [
        (phrasing("nowhere", "x y"), "there is no entry nowhere"),
        (phrasing("seeds", " ?! "), "the phrasing is empty"),
        (phrasing("seeds", "ভালো বীজ কোথায় পাব?"), "is a phrasing of seeds already"),
        (phrasing("seeds", &"বীজ ".repeat(80)), "at most 300"),
        (Lesson::Entry(Box::new(long)), "the label is 21 characters, at most 20"),
        (Lesson::Entry(Box::new(lost)), "there is no entry nowhere"),
        (Lesson::Entry(Box::new(twice)), "there is an entry seeds already"),
    ] {
        for scope in [Scope::Base, group("-1")] {
            let refused = replica.learning.teach(&proposal(&scope, lesson.clone()), NOW).await;
            let Err(Refusal::Objection(refused)) = refused else { panic!("{refused:?}") };
            assert!(!matches!(refused, Objection::Store(_)));
            assert!(refused.to_string().contains(objection), "{refused}");
        }
    }
    assert!(replica.store.teachings(None, None, 9).await.unwrap().is_empty());
}

async fn an_edit_of_the_files_keeps_what_was_taught(database: &Database) {
    let replica = Replica::start(database).await;
    let text = "gobor diye shar kemne banay";
    replica.teach(&Scope::Base, phrasing("compost", text)).await;
    eventually("the teaching", async || replica.answers(&Scope::Base, text, "compost").await.then_some(()))
        .await;
    let mut edited = Source::Folder(garden()).load().unwrap();
    "নতুন".clone_into(&mut edited.guide.title);
    replica.library.replace(edited);
    assert_eq!(replica.library.current().faq.guide.title, "নতুন");
    assert!(replica.answers(&Scope::Base, text, "compost").await);
}
