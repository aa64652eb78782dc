//! The parts of the bot that its private chats, its groups and its buttons have in common.

use std::sync::Arc;

use super::album::Albums;
use super::answer::Answers;
use super::group::admins::Admins;
use super::group::answers::GroupAnswers;
use super::group::membership::Membership;
use super::group::menu::Menu;
use super::group::repeated::Repeated;
use super::group::unprompted::Unprompted;
use super::intake::inbox::Inbox;
use super::origin::Origins;
use super::outbox::Outbox;
use super::resources::Resources;
use super::teaching::Teaching;
use super::why::Whys;

/// The parts, each built from those above it.
#[derive(Clone)]
pub struct Parts {
    /// Who is an admin.
    pub admins: Arc<Admins>,
    /// In which groups the bot is.
    pub membership: Arc<Membership>,
    /// Says what the bot says.
    pub outbox: Arc<Outbox>,
    /// Which questions messages answer.
    pub origins: Arc<Origins>,
    /// Explains answers.
    pub whys: Arc<Whys>,
    /// Answers messages.
    pub answers: Arc<Answers>,
    /// Links to earlier answers.
    pub repeated: Arc<Repeated>,
    /// Sends answers to groups.
    pub group_answers: Arc<GroupAnswers>,
    /// Answers unprompted.
    pub unprompted: Arc<Unprompted>,
    /// Shows and changes settings.
    pub menu: Arc<Menu>,
    /// What operators and admins teach with.
    pub teaching: Arc<Teaching>,
    /// Albums that came.
    pub albums: Arc<Albums>,
}

impl Parts {
    /// Delayed answers are kept in `inbox`.
    pub fn new(of: &Resources, inbox: Arc<Inbox>) -> Self {
        let admins = Arc::new(Admins::new(of));
        let membership = Arc::new(Membership::new(of, admins.clone()));
        let outbox = Arc::new(Outbox::new(of, membership.clone()));
        let whys = Arc::new(Whys::new(of));
        let origins = Arc::new(Origins::new(of));
        let answers = Arc::new(Answers::new(of, outbox.clone(), whys.clone(), origins.clone()));
        let repeated = Arc::new(Repeated::new(of, outbox.clone()));
        let group_answers = Arc::new(GroupAnswers::new(of, answers.clone(), repeated.clone()));
        let unprompted = Arc::new(Unprompted::new(of, inbox, answers.clone(), group_answers.clone()));
        let menu = Menu::new(of, admins.clone(), membership.clone(), outbox.clone(), unprompted.clone());
        let teaching = Teaching::new(of, admins.clone(), outbox.clone(), origins.clone());
        Self {
            admins,
            membership,
            outbox,
            origins,
            whys,
            answers,
            repeated,
            group_answers,
            unprompted,
            menu: Arc::new(menu),
            teaching: Arc::new(teaching),
            albums: Arc::new(Albums::new(of)),
        }
    }
}
