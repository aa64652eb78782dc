//! A bare bot on teloxide's own dispatcher that says back what it is told: what `scripts/load-telegram.sh` compares
//! with.

use teloxide::dispatching::UpdateFilterExt as _;
use teloxide::prelude::*;
use teloxide::types::LinkPreviewOptions;

#[tokio::main]
async fn main() {
    let bot = Bot::from_env();
    let handler = Update::filter_message().endpoint(|bot: Bot, message: Message| async move {
        if let Some(text) = message.text() {
            // Explicit, as uttor's are: the stand-in insists.
            bot.send_message(message.chat.id, text).link_preview_options(no_preview()).await?;
        }
        respond(())
    });
    Dispatcher::builder(bot, handler).build().dispatch().await;
}

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}
