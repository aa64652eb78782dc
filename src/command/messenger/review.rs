//! What App Review asks for, from the configuration: a text for each permission, and the steps of the test.

use std::fmt::Write as _;

use crate::channel::messenger::webhook::callback;
use crate::config::{Comments, Messenger};
use crate::faq::{Entry, Faq};

/// The permission, how it is used, and what the reviewer does to see it.
type Permission = (&'static str, String, String);

/// The texts as Markdown, in English, the language of App Review. `days` is how long unanswered questions are kept.
pub fn text(faq: &Faq, configured: &Messenger, public_url: Option<&str>, days: u64) -> String {
    let Messenger { page_id, comments, instagram_id, .. } = configured;
    let public = public_url.unwrap_or("https://PUBLIC_URL");
    let mut out = String::new();
    let mut line = |text: &str| {
        // Writing to a string does not fail.
        writeln!(out, "{text}").ok();
    };
    line("# What App Review asks for");
    if public_url.is_none() {
        line("\n(PUBLIC_URL is unset: set it and run this again, so that the addresses below are right.)");
    }
    line("\n## App\n");
    line(&format!(
        "Our Page answers beginners' questions from one guide, “{}”. A person writes a question to the Page; the app \
         finds the part of the guide that answers it and replies with that text and a link. It writes to nobody who \
         has not written first, sends no promotions, and answers within 24 hours only.",
        faq.guide.title
    ));
    line(&format!("\n- Page: {page_id}"));
    if let Some(account) = instagram_id {
        line(&format!("- Instagram account linked to it: {account}"));
    }
    line(&format!("- Webhook: {}", callback(public)));
    line(&format!("- The guide, which anybody can read: {public}/guide"));
    line("\n## Permissions\n\nEach is requested with Advanced Access.");
    for (name, use_, test) in permissions(faq, configured) {
        line(&format!("\n### {name}\n\nHow we use it: {use_}\n\nHow to test it:\n\n{test}"));
    }
    line("\n## Data handling\n");
    line(&format!(
        "- A message is stored, encrypted, only until it is answered.\n\
         - Questions that the guide does not answer are kept for at most {days} days, without the person, with phone \
         numbers, e-mail addresses, links and account numbers removed.\n\
         - People are stored as keyed hashes only. Who presses “{}” in the menu is told this and can delete what is \
         stored about them.\n\
         - No data is sold or given to others.",
        faq.wording.menu_privacy()
    ));
    line(
        "\n## Screen recording\n\n\
         1. Show the Page's profile, then press *Message*.\n\
         2. Carry out the steps of each permission above, with the answers on the screen.\n\
         3. Show the Page's inbox in Meta Business Suite: the same conversation is there, and after a person of the \
         Page has answered in it the bot is silent.",
    );
    if *comments == Comments::Off {
        line("\nComments are off (MESSENGER_COMMENTS); their permissions are not asked for.");
    }
    out
}

fn permissions(faq: &Faq, configured: &Messenger) -> Vec<Permission> {
    let say = &faq.wording;
    let question =
        |at: usize| faq.entries.get(at).or(faq.entries.first()).map_or("", |entry| &entry.question);
    let answer = |entry: &Entry| entry.answer.lines().next().unwrap_or_default().to_owned();
    let begins = faq.entries.first().map(answer).unwrap_or_default();
    let mut all: Vec<Permission> = vec![
        (
            "pages_messaging",
            "to receive the messages that people send to our Page and to send the answer from the guide in the same \
             conversation."
                .to_owned(),
            format!(
                "1. Open https://m.me/{} and press *Get Started*: the bot welcomes you and says that it is a bot.\n\
                 2. Write: {}\n\
                 3. The answer comes within seconds. It begins: {begins}\n\
                 4. Choose “{}” in the menu: the bot is silent until a person of the Page has answered, or until you \
                 press “{}”.",
                configured.page_id,
                question(0),
                say.menu_person(),
                say.bot_again(),
            ),
        ),
        (
            "pages_manage_metadata",
            "to subscribe our webhook to the Page and to install greeting, ice breakers and menu.".to_owned(),
            "1. Run `uttor messenger setup`.\n2. Open the conversation with the Page: greeting, questions and menu are \
             there."
                .to_owned(),
        ),
        (
            "pages_show_list",
            "to choose the Page for which the access token is made.".to_owned(),
            "1. In the app's Messenger API Settings, *2. Generate access tokens*, the Page is listed.".to_owned(),
        ),
    ];
    let comment = format!(
        "1. Below a post of the Page, write the comment: {}\n2. The answer comes as a private message.",
        question(1)
    );
    if configured.comments != Comments::Off {
        all.push((
            "pages_read_engagement",
            "to learn that somebody has commented on one of our posts.".to_owned(),
            comment.clone(),
        ));
        all.push((
            "pages_read_user_content",
            "to read the text of a comment below our own posts, since only a question that the guide answers gets a \
             private reply."
                .to_owned(),
            comment.clone(),
        ));
    }
    if configured.comments == Comments::Public {
        all.push((
            "pages_manage_engagement",
            format!("to write one line below such a comment: “{}”", say.answered_in_inbox()),
            format!("{comment}\n3. Below the comment our line says so."),
        ));
    }
    if configured.instagram_id.is_some() {
        all.push((
            "instagram_basic",
            "to know which professional account is linked to our Page.".to_owned(),
            "1. Run `uttor messenger check`: it names the account.".to_owned(),
        ));
        all.push((
            "instagram_manage_messages",
            "to receive the direct messages that people send to our Instagram account and to answer them from the \
             guide."
                .to_owned(),
            format!(
                "1. Send the Instagram account a direct message: {}\n2. The answer comes within seconds.",
                question(0)
            ),
        ));
        if configured.comments != Comments::Off {
            all.push((
                "instagram_manage_comments",
                "to read comments below our own media and to answer a question privately.".to_owned(),
                format!(
                    "1. Below a post of the Instagram account, write: {}\n2. The answer comes as a direct message.",
                    question(1)
                ),
            ));
        }
    }
    all
}
