//! Many people at once, with duplicates, reordered deliveries and sends that fail; `scripts/load-messenger.sh` runs
//! more of them.

use super::Rig;
use crate::support::graph::run::run;

#[tokio::test]
async fn each_question_is_answered_once_in_spite_of_faults() {
    let rig = Rig::start().await;
    let questions =
        ["ছাদে কি বাগান করা যায়?", "valo bij kothay pabo", "compost toiri korar niyom", "will it rain tomorrow"];
    let outcome = run(&rig.graph, &rig.app.url, 400, &questions).await;
    assert_eq!(outcome.once + outcome.unknown, outcome.questions, "{outcome:?}");
    assert!(outcome.unknown > 0 && outcome.delivered > outcome.questions, "{outcome:?}");
    assert!(outcome.slowest.as_secs() < 1, "{outcome:?}");
    assert!(outcome.took > outcome.slowest, "{outcome:?}");
    rig.app.stop().await.unwrap();
}
