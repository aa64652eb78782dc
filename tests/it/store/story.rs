//! What a bot does with its store from the first start on, several replicas together.

use uttor::store::{Author, Cooldown, Day, Deletion, Feedback, GroupId, Question, Scope, Store, Tally};
use uttor::text::mask::Masked;

use super::{NOW, entry, group, keep, on_both, phrasing};
use crate::support::database::Database;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

on_both!(
    four_replicas_start_at_once
    one_of_many_claims_wins
    a_repeated_cooldown_has_to_wait
    a_groups_places_are_taken_one_by_one
    a_late_note_does_not_undo_a_later_one
    deletions_are_carried_out_once
    messages_are_counted
    everything_ages_out
    a_person_is_forgotten
);

async fn four_replicas_start_at_once(database: &Database) {
    let starts = (0..4).map(|_| {
        let url = database.url.clone();
        tokio::spawn(async move { Store::open(&url).await })
    });
    let mut people = Vec::new();
    for start in starts.collect::<Vec<_>>() {
        let store = start.await.unwrap().unwrap();
        people.push(store.secret().person("telegram", "42"));
        let examination = store.examine().await.unwrap();
        assert_eq!(examination.findings, Vec::<String>::new());
        store.close().await;
    }
    // They share one key, and a restart keeps it.
    people.push(database.open().await.secret().person("telegram", "42"));
    people.dedup();
    assert_eq!(people.len(), 1);
}

async fn one_of_many_claims_wins(database: &Database) {
    let replicas = [database.open().await, database.open().await];
    let message = replicas[0].secret().message("telegram", "update-1");
    let claims: Vec<_> = (0..40)
        .map(|n| {
            let (store, message) = (replicas[n % 2].clone(), message.clone());
            tokio::spawn(async move { store.claim(&message, NOW).await.unwrap() })
        })
        .collect();
    let mut outcomes = Vec::new();
    for claim in claims {
        outcomes.push(claim.await.unwrap());
    }
    assert_eq!(outcomes.iter().filter(|won| **won).count(), 1);

    let store = &replicas[0];
    assert!(!store.claim(&message, NOW + 47 * HOUR).await.unwrap());
    assert!(store.claim(&message, NOW + 48 * HOUR).await.unwrap());
    assert!(!store.claim(&message, NOW + 48 * HOUR).await.unwrap());
    // Another message of the same number, of another channel.
    assert!(store.claim(&store.secret().message("messenger", "update-1"), NOW).await.unwrap());
}

async fn a_repeated_cooldown_has_to_wait(database: &Database) {
    let replicas = [database.open().await, database.open().await];
    let (group, mobile) = (group(), entry("mobile"));
    let person = replicas[0].secret().person("telegram", "1");
    let hourly = Cooldown::Group { group: &group, slots: 6 };
    for (cooldown, at, expected) in [
        (Cooldown::Entry { group: &group, entry: &mobile }, 0, true),
        (Cooldown::Entry { group: &group, entry: &mobile }, 599, false),
        (Cooldown::Entry { group: &group, entry: &mobile }, 600, true),
        (Cooldown::Person { group: &group, person: &person }, 600, true),
        (Cooldown::Person { group: &group, person: &person }, 601, false),
    ] {
        assert_eq!(replicas[0].try_take(&cooldown, 600, NOW + at).await.unwrap().is_some(), expected);
    }
    for n in 0..6 {
        assert!(replicas[0].try_take(&hourly, HOUR, NOW + n).await.unwrap().is_some());
    }
    assert!(replicas[1].try_take(&hourly, HOUR, NOW + 3_599).await.unwrap().is_none());
    let turn = replicas[1].try_take(&hourly, HOUR, NOW + 3_600).await.unwrap().unwrap();
    assert!(replicas[1].try_take(&hourly, HOUR, NOW + 3_600).await.unwrap().is_none());
    replicas[0].give_back(&turn).await.unwrap();
    let again = replicas[1].try_take(&hourly, HOUR, NOW + 3_601).await.unwrap();
    assert!(again.is_some_and(|again| again != turn));
    replicas[0].give_back(&turn).await.unwrap();
    let third = replicas[1].try_take(&hourly, HOUR, NOW + 3_600).await.unwrap();
    assert!(third.is_none(), "what is another's stays with them");

    let takers: Vec<_> = (0..20)
        .map(|n| {
            let store = replicas[n % 2].clone();
            tokio::spawn(async move {
                let other = GroupId::new("telegram", "-2");
                store
                    .try_take(&Cooldown::Group { group: &other, slots: 6 }, HOUR, NOW)
                    .await
                    .unwrap()
                    .is_some()
            })
        })
        .collect();
    let mut taken = 0;
    for taker in takers {
        taken += u32::from(taker.await.unwrap());
    }
    assert_eq!(taken, 6);
}

async fn a_late_note_does_not_undo_a_later_one(database: &Database) {
    let store = database.open().await;
    let name = store.secret().conversation("telegram:notes", "7");
    let person = store.secret().person("telegram", "7");
    for (body, at) in [("first", 1), ("third", 3), ("second", 2)] {
        store.note(&name, &person, body, at, NOW + 60).await.unwrap();
    }
    assert_eq!(store.noted(&name, NOW).await.unwrap(), Some(("third".to_owned(), 3)));
    assert_eq!(store.noted(&name, NOW + 60).await.unwrap(), None);
}

async fn a_groups_places_are_taken_one_by_one(database: &Database) {
    let replicas = [database.open().await, database.open().await];
    let taken = async |now: i64| {
        let places: Vec<_> = (0..7)
            .map(|n| {
                let store = replicas[n % 2].clone();
                tokio::spawn(async move { store.take_place(&group(), (5, 4), now).await.unwrap() })
            })
            .collect();
        let mut taken = 0;
        for place in places {
            taken += u32::from(place.await.unwrap());
        }
        taken
    };
    assert_eq!(taken(NOW).await, 5, "at once");
    assert_eq!(taken(NOW + 3).await, 0, "whoever finds none takes none");
    assert_eq!(taken(NOW + 4).await, 1, "one every four seconds");
    assert_eq!(taken(NOW + 13).await, 2);
    assert_eq!(taken(NOW + 60).await, 5, "all have come back");
}

async fn deletions_are_carried_out_once(database: &Database) {
    let replicas = [database.open().await, database.open().await];
    let deletion = |message: u32| Deletion {
        channel: "telegram".to_owned(),
        chat: "-1001".to_owned(),
        message: message.to_string(),
    };
    for n in 0..20 {
        replicas[0].schedule(&deletion(n), NOW + i64::from(n)).await.unwrap();
    }
    assert!(replicas[0].claim_due("telegram", 50, NOW - 1).await.unwrap().is_empty());
    assert!(replicas[0].claim_due("messenger", 50, NOW + 100).await.unwrap().is_empty());
    let claimers: Vec<_> = (0..8)
        .map(|n| {
            let store = replicas[n % 2].clone();
            tokio::spawn(async move { store.claim_due("telegram", 3, NOW + 14).await.unwrap() })
        })
        .collect();
    let mut claimed = Vec::new();
    for claimer in claimers {
        claimed.extend(claimer.await.unwrap());
    }
    let all = claimed.len();
    claimed.sort_by_key(|deletion| deletion.message.parse::<u32>().unwrap());
    claimed.dedup();
    assert_eq!(claimed.len(), all, "claimed twice");
    // Whoever had to wait may have come out empty-handed; what is due is there for the next.
    claimed.extend(replicas[0].claim_due("telegram", 50, NOW + 14).await.unwrap());
    assert_eq!(claimed.len(), 15);
    for deletion in claimed.iter().filter(|deletion| deletion.message != "3") {
        replicas[1].deleted(deletion).await.unwrap();
    }
    // Its replica died: a minute later it is another's.
    assert!(replicas[0].claim_due("telegram", 50, NOW + 14).await.unwrap().is_empty());
    let left = replicas[0].claim_due("telegram", 50, NOW + 80).await.unwrap();
    assert_eq!(left.len(), 6);
    assert!(left.contains(&deletion(3)));
}

async fn messages_are_counted(database: &Database) {
    let replicas = [database.open().await, database.open().await];
    let tally = |day, outcome: &str, entry: Option<&str>, messages| Tally {
        day: Day(day),
        channel: "web".to_owned(),
        outcome: outcome.to_owned(),
        entry: entry.map(self::entry),
        messages,
    };
    let some = [
        tally(10, "answer", Some("mobile"), 2),
        tally(10, "answer", Some("future"), 1),
        tally(10, "fallback", None, 1),
        tally(11, "fallback", None, 5),
    ];
    let counters: Vec<_> = (0..10)
        .map(|n| {
            let (store, mut some) = (replicas[n % 2].clone(), some.to_vec());
            if n % 3 == 0 {
                some.reverse();
            }
            tokio::spawn(async move { store.count(&some).await.unwrap() })
        })
        .collect();
    for counter in counters {
        counter.await.unwrap();
    }
    let counted = replicas[0].tallies(Day(10), Day(10)).await.unwrap();
    assert_eq!(
        counted,
        [
            tally(10, "answer", Some("future"), 10),
            tally(10, "answer", Some("mobile"), 20),
            tally(10, "fallback", None, 10)
        ]
    );
}

async fn everything_ages_out(database: &Database) {
    let store = database.open().await;
    let secret = store.secret();
    let person = secret.person("web", "1");
    let admin = Author::terminal();
    let mobile = entry("mobile");
    let old = keep(&store, "old question", None, NOW - 91 * DAY).await;
    let answered = keep(&store, "answered question", None, NOW - 91 * DAY).await;
    let fresh = keep(&store, "fresh question", None, NOW - 89 * DAY).await;
    for n in 0..1_200 {
        let flood = Masked::new(&format!("flood {n}"));
        let question = Question { text: &flood, channel: "web", scope: &Scope::Base, entry: None };
        store.keep_question(&question, Some(old), NOW - 91 * DAY).await.unwrap();
    }
    let id = store
        .teach(&Scope::Base, &phrasing("mobile", "x"), &[answered], &admin, NOW - 91 * DAY)
        .await
        .unwrap();
    store.set(&Scope::Base, "a", Some("1"), &admin, NOW - 91 * DAY).await.unwrap();
    let judge = Feedback { person: &person, channel: "web", entry: &mobile, helpful: true };
    store.judge(&judge, NOW - 91 * DAY).await.unwrap();
    let message = secret.message("web", "1");
    store.claim(&message, NOW - 49 * HOUR).await.unwrap();
    let cooldown = Cooldown::Entry { group: &group(), entry: &mobile };
    store.try_take(&cooldown, 60, NOW - 61).await.unwrap();
    for until in [NOW, NOW + 1] {
        let name = secret.conversation("web", &until.to_string());
        store.note(&name, &person, "sealed", NOW, until).await.unwrap();
    }

    let expired = store.expire(90, NOW).await.unwrap();
    // questions, clusters, their days, history, feedback, claim, cooldown, note
    assert_eq!(expired.rows, (1_200 + 2) + 2 + 3 + 1 + 1 + 1 + 1 + 1);
    assert_eq!(store.expire(90, NOW).await.unwrap().rows, 0);
    assert_eq!(store.questions(fresh).await.unwrap().len(), 1);
    // What holds stays.
    assert!(store.teaching(id).await.unwrap().is_some());
    assert_eq!(store.settings(&Scope::Base).await.unwrap()["a"], "1");
    assert_eq!(store.examine().await.unwrap().findings, Vec::<String>::new());
}

async fn a_person_is_forgotten(database: &Database) {
    let store = database.open().await;
    let secret = store.secret();
    let (group, mobile) = (group(), entry("mobile"));
    for id in ["1", "2"] {
        let person = secret.person("web", id);
        let conversation = secret.conversation("web", id);
        let judge = Feedback { person: &person, channel: "web", entry: &mobile, helpful: false };
        store.judge(&judge, NOW).await.unwrap();
        store.try_take(&Cooldown::Person { group: &group, person: &person }, 600, NOW).await.unwrap();
        store.note(&conversation, &person, "sealed", NOW, NOW + 1).await.unwrap();
    }
    let person = secret.person("web", "1");
    assert_eq!(store.forget(&person).await.unwrap(), 3);
    assert_eq!(store.forget(&person).await.unwrap(), 0);
    assert_eq!(store.verdicts(0).await.unwrap()[0].unhelpful, 1);
    assert_eq!(store.noted(&secret.conversation("web", "1"), NOW).await.unwrap(), None);
    assert!(store.noted(&secret.conversation("web", "2"), NOW).await.unwrap().is_some());
    assert_eq!(store.noted(&secret.conversation("web", "2"), NOW + 1).await.unwrap(), None, "over");
}
