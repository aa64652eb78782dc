//! A bare bot on teloxide's own dispatcher that says back what it is told: what `scripts/load-telegram.sh` compares
//! with.

use teloxide::dispatching::UpdateFilterExt as _;
use teloxide::prelude::*;

#[tokio::main]
async fn main() {
    let bot = Bot::from_env();
    let handler = Update::filter_message().endpoint(|bot: Bot, message: Message| async move {
        if let Some(text) = message.text() {
            bot.send_message(message.chat.id, text).await?;
        }
        respond(())
    });
    Dispatcher::builder(bot, handler).build().dispatch().await;
}
