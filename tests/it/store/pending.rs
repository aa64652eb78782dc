//! What was taken and is not answered yet, and conversations that people have taken over.

use uttor::store::{Owner, Step, Store};

use super::{NOW, on_both};
use crate::support::database::{Database, pending};

on_both!(
    what_is_pending_outlives_its_owner
    what_goes_out_in_parts_is_known_part_by_part
    what_comes_twice_is_taken_once
    of_one_persons_things_those_elsewhere_wait_for_the_first
    a_pause_gets_longer_and_ends
);

fn take(store: &Store, id: &str, place: i64) -> Step {
    let message = store.secret().message("messenger", id);
    Step::Take { message, channel: "messenger", person: None, position: place, body: format!("body of {id}") }
}

async fn what_is_pending_outlives_its_owner(database: &Database) {
    let replicas = [database.open().await, database.open().await];
    let (first, second) = (Owner::new().unwrap(), Owner::new().unwrap());
    let lease = NOW + 20;
    let steps: Vec<Step> = (1..=4).rev().map(|n| take(&replicas[0], &n.to_string(), n)).collect();
    assert_eq!(replicas[0].carry_out(&steps, &first, lease, NOW).await.unwrap(), [true; 4]);
    let message = |id: &str| replicas[0].secret().message("messenger", id);
    let steps = [
        Step::Done(message("1")),
        Step::Sending(message("2")),
        Step::Sending(message("3")),
        Step::Unsent(message("3")),
    ];
    assert_eq!(replicas[0].carry_out(&steps, &first, lease, NOW).await.unwrap(), [true; 4]);
    let seen = replicas[1].held_by_others("messenger", &second).await.unwrap();
    assert_eq!(
        seen.iter().map(|one| one.body.as_str()).collect::<Vec<_>>(),
        ["body of 2", "body of 3", "body of 4"]
    );
    assert!(replicas[0].held_by_others("messenger", &first).await.unwrap().is_empty());
    assert!(replicas[1].held_by_others("telegram", &second).await.unwrap().is_empty());
    // While the lease lasts nobody takes it away, and its owner makes it longer.
    assert!(replicas[1].take_over("messenger", &second, NOW + 25, 10, NOW + 5).await.unwrap().is_empty());
    assert!(replicas[0].take_over("messenger", &first, NOW + 40, 10, NOW + 19).await.unwrap().is_empty());
    assert!(replicas[1].take_over("messenger", &second, NOW + 45, 10, NOW + 25).await.unwrap().is_empty());
    // Then one of two gets it, in its order, and what may have gone out is known.
    let taken = replicas[1].take_over("messenger", &second, NOW + 61, 10, NOW + 41).await.unwrap();
    let seen: Vec<(&str, bool)> = taken.iter().map(|one| (one.body.as_str(), one.is_doubtful)).collect();
    assert_eq!(seen, [("body of 2", true), ("body of 3", false), ("body of 4", false)]);
    assert!(replicas[0].take_over("messenger", &first, NOW + 61, 10, NOW + 41).await.unwrap().is_empty());
    // Whoever lost it changes nothing any more.
    let steps = [Step::Done(message("3"))];
    assert_eq!(replicas[0].carry_out(&steps, &first, lease, NOW).await.unwrap(), [false]);
    assert_eq!(replicas[1].held_by(&second, 4).await.unwrap().len(), 2);
    // What is left by itself goes to whoever comes first.
    assert_eq!(replicas[1].leave(&second).await.unwrap(), 3);
    assert_eq!(replicas[0].take_over("messenger", &first, NOW + 90, 10, NOW + 42).await.unwrap().len(), 3);
    assert_eq!(pending(&replicas[0], "messenger").await, 3);
}

async fn what_goes_out_in_parts_is_known_part_by_part(database: &Database) {
    let store = database.open().await;
    let owner = Owner::new().unwrap();
    let message = store.secret().message("messenger", "1");
    store.carry_out(&[take(&store, "1", 1)], &owner, NOW, NOW).await.unwrap();
    for (over, is_sending, body) in
        [(0, true, Some("with its answer")), (1, false, None), (1, true, None), (2, false, None)]
    {
        let body = body.map(str::to_owned);
        let step = Step::Progress { message: message.clone(), over, is_sending, body };
        assert_eq!(store.carry_out(&[step], &owner, NOW, NOW).await.unwrap(), [true]);
        let held = store.held_by(&owner, 2).await.unwrap().remove(0);
        let seen = (held.over, held.is_doubtful, held.body.as_str());
        assert_eq!(seen, (over, is_sending, "with its answer"));
    }
    let stranger = Owner::new().unwrap();
    let step = Step::Progress { message, over: 3, is_sending: true, body: Some("other".to_owned()) };
    assert_eq!(store.carry_out(&[step], &stranger, NOW, NOW).await.unwrap(), [false]);
    assert_eq!(store.held_by(&owner, 2).await.unwrap()[0].body, "with its answer");
}

async fn what_comes_twice_is_taken_once(database: &Database) {
    let store = database.open().await;
    let owner = Owner::new().unwrap();
    let steps = [take(&store, "1", 1), take(&store, "1", 2)];
    assert_eq!(store.carry_out(&steps, &owner, NOW + 20, NOW).await.unwrap(), [true, false]);
    store.carry_out(&[Step::Done(store.secret().message("messenger", "1"))], &owner, NOW, NOW).await.unwrap();
    assert_eq!(store.carry_out(&steps, &owner, NOW + 20, NOW + 36 * 3_600).await.unwrap(), [false, false]);
    assert_eq!(pending(&store, "messenger").await, 0);
}

async fn of_one_persons_things_those_elsewhere_wait_for_the_first(database: &Database) {
    let store = database.open().await;
    let (here, there) = (Owner::new().unwrap(), Owner::new().unwrap());
    let message = |id: &str| store.secret().message("messenger", id);
    let of = |person: &str, id: &str, place: i64| Step::Take {
        person: Some(store.secret().person("messenger", person)),
        message: message(id),
        channel: "messenger",
        position: place,
        body: String::new(),
    };
    let take = async |step: Step, owner: &Owner| {
        assert_eq!(store.carry_out(&[step], owner, NOW + 20, NOW).await.unwrap(), [true]);
    };
    take(of("7", "1", 10), &there).await;
    take(of("7", "2", 20), &here).await;
    take(of("8", "3", 30), &here).await;
    take(of("7", "4", 40), &there).await;
    let is_behind = async |id: &str, since| store.is_behind(&message(id), since).await.unwrap();
    // With SQLite there is nobody else.
    let is_shared = database.is_postgres();
    let all = async |since| {
        [
            is_behind("1", since).await,
            is_behind("2", since).await,
            is_behind("3", since).await,
            is_behind("4", since).await,
        ]
    };
    // The fourth may come before the first, where both are: it is no part of a ring with what is here.
    assert_eq!(all(0).await, [false, is_shared, false, false]);
    // What is older than anybody waits for.
    assert_eq!(all(11).await, [false, false, false, is_shared]);
    store.carry_out(&[Step::Done(message("1"))], &there, NOW, NOW).await.unwrap();
    assert_eq!(all(0).await, [false, false, false, is_shared]);
    // What was taken over is this process's own.
    store.leave(&there).await.unwrap();
    store.take_over("messenger", &here, NOW + 20, 10, NOW).await.unwrap();
    assert_eq!(all(0).await, [false; 4]);
}

async fn a_pause_gets_longer_and_ends(database: &Database) {
    let store = database.open().await;
    let secret = store.secret();
    let (conversation, person) = (secret.conversation("messenger", "7"), secret.person("messenger", "7"));
    store.pause(&conversation, &person, NOW + 60).await.unwrap();
    store.pause(&conversation, &person, NOW + 10).await.unwrap();
    assert!(store.is_paused(&conversation, NOW + 59).await.unwrap());
    assert!(!store.is_paused(&conversation, NOW + 60).await.unwrap());
    assert!(!store.is_paused(&secret.conversation("messenger", "8"), NOW).await.unwrap());
    assert!(store.resume(&conversation).await.unwrap());
    assert!(!store.is_paused(&conversation, NOW).await.unwrap());
    store.pause(&conversation, &person, NOW + 60).await.unwrap();
    assert_eq!(store.forget(&person).await.unwrap(), 1);
    assert!(!store.is_paused(&conversation, NOW).await.unwrap());
}
