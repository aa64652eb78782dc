//! Edits to the content while the program runs.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::app::{TestApp, eventually, garden_copy};

/// Waits until the reply to the entry `watering` holds `text`.
async fn says(app: &TestApp, text: &str) {
    eventually(text, async || {
        // The limit on requests counts here too; what is refused is asked again.
        let body = serde_json::json!({ "text": "entry:watering" });
        let (_, reply) = app.post("/api/ask", &body).await;
        reply["reply"].as_str().is_some_and(|reply| reply.contains(text)).then_some(())
    })
    .await;
}

async fn reloads(app: &TestApp, result: &str) -> u32 {
    let metrics = app.get("/metrics").await.text().await.unwrap();
    let start = format!("uttor_faq_reloads_total{{result=\"{result}\"}} ");
    metrics.lines().find_map(|line| line.strip_prefix(&start)?.parse().ok()).unwrap_or(0)
}

fn edit(folder: &Path, from: &str, to: &str) {
    let file = folder.join("watering.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(from));
    fs::write(file, text.replace(from, to)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_valid_edit_is_taken_and_a_broken_one_is_not() {
    let folder = garden_copy();
    let app = TestApp::start_with(folder.path(), &[]).await;
    says(&app, "শীতে একবার").await;

    edit(folder.path(), "শীতে একবার", "শীতে দুই দিনে একবার");
    says(&app, "শীতে দুই দিনে একবার").await;

    edit(folder.path(), "শীতে দুই দিনে", "শীতে তিন দিনে");
    fs::write(folder.path().join("guide.toml"), "title = ").unwrap();
    eventually("a refusal", async || (reloads(&app, "refused").await > 0).then_some(())).await;
    says(&app, "দিনে একবার").await;

    let whole = garden_copy();
    fs::copy(whole.path().join("guide.toml"), folder.path().join("guide.toml")).unwrap();
    says(&app, "শীতে তিন দিনে").await;
    assert!(reloads(&app, "taken").await >= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_replaced_as_a_whole_is_still_watched() {
    let parent = tempfile::TempDir::new().unwrap();
    let folder = parent.path().join("faq");
    let rename = |from: &Path, to: &Path| fs::rename(from, to).unwrap();
    rename(&garden_copy().keep(), &folder);
    let app = TestApp::start_with(&folder, &[]).await;

    let second = garden_copy().keep();
    edit(&second, "শীতে একবার", "শীতে চার দিনে একবার");
    rename(&folder, &parent.path().join("old"));
    eventually("a refusal", async || (reloads(&app, "refused").await > 0).then_some(())).await;
    rename(&second, &folder);
    says(&app, "শীতে চার দিনে").await;

    edit(&folder, "শীতে চার", "শীতে পাঁচ");
    says(&app, "শীতে পাঁচ দিনে").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_answered_while_the_content_changes() {
    let folder = garden_copy();
    let app = TestApp::start_with(folder.path(), &[]).await;
    edit(folder.path(), "শীতে একবার", "শীতে ছয় দিনে একবার");
    eventually("the change", async || {
        let (status, reply): (_, Value) =
            app.post("/api/ask", &serde_json::json!({ "text": "entry:watering" })).await;
        assert!(status.is_success() || status == 429, "{reply}");
        reply["reply"].as_str().is_some_and(|reply| reply.contains("ছয় দিনে")).then_some(())
    })
    .await;
}
