//! Messages with a store behind: what is remembered, and how little a reply depends on it.

mod faults;

use std::sync::Arc;
use std::time::Duration;

use uttor::id::EntryId;
use uttor::library::Library;
use uttor::library::source::Source;
use uttor::memory::{Deadline, Memory, Moment, Remembered};
use uttor::message::{Content, ConversationId, Message, Payload, PersonId, Place};
use uttor::reply::links::Links;
use uttor::reply::{Outcome, Reply};
use uttor::responder::Responder;
use uttor::store::{ClusterState, Clusters, Store, Verdicts};

use crate::store::on_both;
use crate::support::app::{eventually, garden};
use crate::support::database::Database;

on_both!(
    a_conversation_outlives_its_process
    a_person_judges_an_answer_once_and_may_think_again
    what_was_asked_in_vain_is_kept_and_nothing_else
    whoever_wants_to_be_forgotten_is
);

/// One of several programs on the same store.
struct Bot {
    memory: Arc<Memory>,
    responder: Responder,
}

impl Bot {
    /// With nothing behind it yet.
    fn new() -> Self {
        let memory = Arc::new(Memory::awaiting_store());
        let links = Links::builtin("http://127.0.0.1:8080");
        Self { responder: Responder::new(library(), links, Arc::clone(&memory)), memory }
    }

    async fn on(store: Store) -> Self {
        let bot = Self::new();
        bot.memory.attach(store, library()).await;
        bot
    }

    /// What a message from `person` gets.
    async fn hears(&self, person: &str, content: Content) -> Reply {
        self.responder.respond(&message(person, content)).await.reply
    }

    /// Whether anything is remembered of what `person` said.
    async fn knows(&self, person: &str) -> bool {
        let deadline = Deadline::after(Moment::now(), Duration::from_secs(10));
        let remembered = self.memory.recall(&ConversationId::new("test", person), deadline).await;
        remembered != Remembered::default()
    }

    async fn judges(&self, person: &str, helpful: bool) -> Reply {
        self.hears(person, Content::Press(Payload::Feedback { entry: rooftop(), helpful })).await
    }
}

fn library() -> Arc<Library> {
    Arc::new(Library::new(Source::Folder(garden()).load().unwrap()))
}

fn message(person: &str, content: Content) -> Message {
    Message {
        conversation: ConversationId::new("test", person),
        person: PersonId::new("test", person),
        group: None,
        place: Place::Private,
        may_be_kept: true,
        hidden: Vec::new(),
        guide_first: false,
        content,
    }
}

fn text(text: &str) -> Content {
    Content::Text(text.to_owned())
}

fn rooftop() -> EntryId {
    "rooftop".parse().unwrap()
}

/// The wordings of everything that waits for somebody.
async fn open_questions(store: &Store) -> Vec<(String, Option<EntryId>)> {
    let which = Clusters { state: ClusterState::Open, scope: None, limit: 100, skip: 0 };
    let mut wordings = Vec::new();
    for cluster in store.clusters(&which).await.unwrap() {
        let questions = store.questions(cluster.id).await.unwrap();
        wordings.extend(questions.into_iter().map(|question| (question.text, question.entry)));
    }
    wordings.sort();
    wordings
}

async fn a_conversation_outlives_its_process(database: &Database) {
    let bot = Bot::on(database.open().await).await;
    let asked = text("basar chade tob e gach lagano jabe?");
    assert_eq!(bot.hears("a", asked).await.outcome, Outcome::Answer(vec![rooftop()]));
    let expected = bot.judges("a", false).await;
    bot.memory.finish().await;

    let next = Bot::on(database.open().await).await;
    // What 👎 offers is what was near then.
    assert!(next.knows("a").await);
    assert_eq!(next.judges("a", false).await, expected);
    assert_eq!(expected.outcome, Outcome::Fallback(None));
}

async fn a_person_judges_an_answer_once_and_may_think_again(database: &Database) {
    let bot = Bot::on(database.open().await).await;
    for (person, helpful) in [("a", true), ("b", true), ("b", true), ("c", false), ("a", false)] {
        bot.judges(person, helpful).await;
    }
    // An entry that is not there is not judged.
    let gone = Payload::Feedback { entry: "gone".parse().unwrap(), helpful: true };
    bot.hears("a", Content::Press(gone)).await;
    bot.memory.finish().await;
    let verdicts = database.open().await.verdicts(0).await.unwrap();
    assert_eq!(verdicts, [Verdicts { entry: rooftop(), helpful: 1, unhelpful: 2 }]);
}

async fn what_was_asked_in_vain_is_kept_and_nothing_else(database: &Database) {
    let bot = Bot::on(database.open().await).await;
    assert_eq!(
        bot.hears("kept-by-nobody-1", text("chade ki bagan kora jay")).await.outcome,
        Outcome::Answer(vec![rooftop()])
    );
    bot.judges("kept-by-nobody-1", true).await;
    bot.hears("kept-by-nobody-1", text("hi")).await;
    let asked = text("passport korte koto lage 01712345678");
    assert!(matches!(bot.hears("kept-by-nobody-2", asked).await.outcome, Outcome::Fallback(_)));
    // An answer that was not what was meant, and suggestions of which none was.
    bot.hears("kept-by-nobody-3", text("basar chade tob e gach lagano jabe?")).await;
    for _ in 0..2 {
        bot.judges("kept-by-nobody-3", false).await;
    }
    let suggested = bot.hears("kept-by-nobody-4", text("ছাদে গাছের যত্ন বীজ")).await.outcome;
    bot.hears("kept-by-nobody-4", Content::Press(Payload::NoneOfThese)).await;
    bot.memory.finish().await;

    let store = database.open().await;
    let questions = open_questions(&store).await;
    let has = |part: &str, entry: Option<EntryId>| {
        questions.iter().filter(|(text, own)| text.contains(part) && *own == entry).count()
    };
    assert_eq!(has("passport", None), 1, "{questions:?}");
    assert_eq!(has("basar chade", Some(rooftop())), 1, "{questions:?}");
    assert_eq!(
        has("বীজ", None),
        usize::from(matches!(suggested, Outcome::Suggest(_) | Outcome::Fallback(_)))
    );
    let file = database.file("everything");
    store.backup(&file, 1).await.unwrap();
    let everything = std::fs::read_to_string(file).unwrap();
    for kept_nowhere in ["kept-by-nobody", "chade ki bagan", "01712345678"] {
        assert!(!everything.contains(kept_nowhere), "{kept_nowhere} is in the store");
    }
    // Counts: of the messages, not of the presses of 👍 and 👎.
    let tallies = store.tallies(uttor::store::Day(0), uttor::store::Day(i64::from(i32::MAX))).await.unwrap();
    assert_eq!(tallies.iter().map(|tally| tally.messages).sum::<u64>(), 6, "{tallies:?}");
}

async fn whoever_wants_to_be_forgotten_is(database: &Database) {
    let bot = Bot::on(database.open().await).await;
    let store = database.open().await;
    let judgements = async || {
        let verdicts = store.verdicts(0).await.unwrap();
        verdicts.iter().map(|verdict| verdict.helpful + verdict.unhelpful).sum::<u64>()
    };
    for person in ["a", "b"] {
        bot.hears(person, text("chade ki bagan kora jay")).await;
        bot.judges(person, true).await;
    }
    eventually("both judgements", async || (judgements().await == 2).then_some(())).await;
    // Also what is still to be written.
    bot.judges("a", false).await;
    assert!(bot.memory.forget(&PersonId::new("test", "a")).await.unwrap() >= 1);
    assert_eq!(judgements().await, 1);
    bot.memory.finish().await;
    assert_eq!(judgements().await, 1, "what was to be written is written no more");
    let next = Bot::on(store).await;
    for (person, is_known) in [("a", false), ("b", true)] {
        assert_eq!(next.knows(person).await, is_known, "{person}");
    }
}
