//! The bot: what an update goes to, and that it is handled once.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::answer::Answers;
use super::client::send::Sender;
use super::group::Group;
use super::group::admins::Admins;
use super::group::membership::Membership;
use super::group::unprompted::Unprompted;
use super::inline::InlineQueries;
use super::intake::dispatch::{Ending, Handle};
use super::intake::inbox::{Claim, Inbox};
use super::intake::update::{ChatKind, Event, Incoming, Update};
use super::parts::Parts;
use super::press::Presses;
use super::private::Private;
use super::resources::Resources;
use crate::memory::Writes;
use crate::telemetry::Metrics;

/// How often the state of idle chats and people is dropped.
const PRUNE_PERIOD: Duration = Duration::from_mins(1);

/// Handles updates.
pub struct Bot {
    inbox: Arc<Inbox>,
    sender: Arc<Sender>,
    metrics: Metrics,
    admins: Arc<Admins>,
    /// Answers messages.
    pub answers: Arc<Answers>,
    /// In which groups the bot is.
    pub membership: Arc<Membership>,
    /// Answers unprompted.
    pub unprompted: Arc<Unprompted>,
    private: Private,
    group: Group,
    presses: Presses,
    inline: InlineQueries,
}

impl Bot {
    /// Built from these resources; claims updates in `inbox`. Messages older than `max_age` are not answered.
    pub fn new(of: &Resources, inbox: Arc<Inbox>, max_age: Option<Duration>) -> Self {
        let Resources { metrics, sender, .. } = of.clone();
        let parts = Parts::new(of, inbox.clone());
        Self {
            inbox,
            sender,
            metrics,
            private: Private::new(of, &parts, max_age),
            presses: Presses::new(of, &parts),
            inline: InlineQueries::new(of),
            admins: parts.admins.clone(),
            answers: parts.answers.clone(),
            membership: parts.membership.clone(),
            unprompted: parts.unprompted.clone(),
            group: Group::new(of, parts, max_age),
        }
    }

    /// Now and then, drops the state of idle chats and people.
    pub async fn prune(&self) {
        let mut ticks = interval(PRUNE_PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.sender.rate_limit().prune();
            self.private.prune();
            self.group.prune();
        }
    }

    async fn on_event(&self, event: Event) {
        match event {
            Event::Message(message) => {
                self.unprompted.withdraw(&message).await;
                self.on_message(&message, false).await;
            }
            Event::Edited(message) => self.on_message(&message, true).await,
            Event::Press(press) => self.presses.on_press(&press).await,
            Event::Inline(query) => self.inline.on_query(query).await,
            Event::Standing(standing) => self.group.on_standing(&standing).await,
            Event::Member { chat } => self.admins.changed(chat).await,
            Event::Other => {}
        }
    }

    async fn on_message(&self, message: &Incoming, is_edit: bool) {
        match message.chat.kind {
            ChatKind::Private if message.from.is_none_or(|from| !from.is_bot) => {
                self.private.on_message(message, is_edit).await;
            }
            ChatKind::Group => self.group.on_message(message, is_edit).await,
            ChatKind::Private | ChatKind::Other => {}
        }
    }
}

impl Handle for Bot {
    fn arrived(&self, update: &Update) {
        self.unprompted.note_reply(update);
    }

    async fn handle(&self, update: Update) -> Ending {
        let id = update.id;
        // An inline query is over in a moment; answering it twice harms nobody.
        let needs_claim = !matches!(update.event, Event::Inline(_));
        match self.inbox.claim(id, needs_claim).await {
            Claim::New => {}
            Claim::Unknown => return Ending::Unclaimed,
            Claim::Handled => {
                self.metrics.telegram_update("again");
                return Ending::Handled;
            }
        }
        let writes = Writes::of(Box::pin(self.on_event(update.event))).await;
        self.inbox.handled(id, needs_claim).await;
        writes.finished().await;
        Ending::Handled
    }

    async fn shed(&self, update: Update) {
        if let Event::Press(press) = &update.event {
            self.presses.refuse(press).await;
        }
        self.inbox.handled(update.id, false).await;
    }
}
