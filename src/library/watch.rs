//! Edits to the content's folder take effect while the bot runs; a broken edit changes nothing.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, spawn_blocking};
use tokio::time::timeout;

use super::Library;
use super::source::{Files, Source};
use crate::faq::Faq;
use crate::faq::format::Finding;

/// How long a folder must rest before it is read: an editor writes a file in several steps, `git` many files.
const DEBOUNCE: Duration = Duration::from_millis(200);

/// How often that is waited for before a folder that never rests is read all the same.
const MAX_DEBOUNCES: u32 = 25;

/// Keeps watching until it is dropped.
pub struct Watch {
    task: AbortHandle,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What became of a change: how many entries there are now, or what is wrong with it.
pub type Reload = Result<usize, Vec<Finding>>;

/// Watches `folder`, whose content in `library` was made of `files`, and puts every valid change of it in place;
/// `done` hears of every change that was tried.
///
/// # Errors
/// The system gives no further watch.
pub fn watch(
    library: Arc<Library>,
    folder: &Path,
    files: &Files,
    done: impl Fn(Reload) + Send + 'static,
) -> notify::Result<Watch> {
    let mut sentinel = Sentinel::new(folder)?;
    let source = Source::Folder(folder.to_owned());
    let before = digest(files);
    let task = tokio::spawn(async move {
        let mut known = Some(before);
        loop {
            sentinel.changed().await;
            let (source, library, before) = (source.clone(), Arc::clone(&library), known.take());
            let tried = spawn_blocking(move || reload(&source, &library, before)).await;
            let Ok((files, outcome)) = tried else { continue };
            known = files;
            if let Some(outcome) = outcome {
                done(outcome);
            }
        }
    });
    Ok(Watch { task: task.abort_handle() })
}

/// Reads `source` and, when its files are others than `before`, puts them in place if they are valid. Returns the
/// digest of what was read, and what became of it; nothing when nothing had changed.
fn reload(source: &Source, library: &Library, before: Option<u64>) -> (Option<u64>, Option<Reload>) {
    let files = match source.files() {
        Ok(files) => files,
        Err(findings) => return (None, Some(Err(findings))),
    };
    let read = Some(digest(&files));
    if before == read {
        return (before, None);
    }
    let outcome = source.parse(&files).map(|faq: Faq| {
        let entries = faq.entries.len();
        library.replace(faq);
        entries
    });
    (read, Some(outcome))
}

/// Tells files from others, for as long as this process lives.
fn digest(files: &Files) -> u64 {
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    hasher.finish()
}

/// Tells when something changed in a folder.
///
/// The folder's parent is watched too: the folder may be replaced as a whole, by `mv` or a mounted volume, and its
/// own watch would then look at what is no longer there.
struct Sentinel {
    watcher: RecommendedWatcher,
    folder: PathBuf,
    signal: Arc<Signal>,
}

#[derive(Default)]
struct Signal {
    changed: Notify,
    replaced: AtomicBool,
}

impl Sentinel {
    fn new(folder: &Path) -> notify::Result<Self> {
        let (parent, folder) = absolute(folder)?;
        let signal = Arc::new(Signal::default());
        let (heard, place) = (Arc::clone(&signal), folder.clone());
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return heard.changed.notify_one() };
            // Reading the files is an event as well, which would never end.
            if event.kind.is_access() {
                return;
            }
            if event.paths.contains(&place) {
                heard.replaced.store(true, Ordering::Release);
            }
            if event.need_rescan() || event.paths.iter().any(|path| path.starts_with(&place)) {
                heard.changed.notify_one();
            }
        })?;
        if let Some(parent) = parent {
            watcher.watch(&parent, RecursiveMode::NonRecursive)?;
        }
        watcher.watch(&folder, RecursiveMode::NonRecursive)?;
        Ok(Self { watcher, folder, signal })
    }

    /// Returns when something has changed and the folder then rested for a moment.
    async fn changed(&mut self) {
        self.signal.changed.notified().await;
        for _ in 0..MAX_DEBOUNCES {
            if timeout(DEBOUNCE, self.signal.changed.notified()).await.is_err() {
                break;
            }
        }
        if self.signal.replaced.swap(false, Ordering::AcqRel) {
            // The old watch may be gone with its folder, and the folder may not be there again yet: its
            // appearance is another event.
            if let Err(error) = self.watcher.unwatch(&self.folder) {
                tracing::debug!("the old folder is no longer watched: {error}");
            }
            if self.watcher.watch(&self.folder, RecursiveMode::NonRecursive).is_err() {
                self.signal.replaced.store(true, Ordering::Release);
            }
        }
    }
}

/// The folder's parent, where it has a name in one, and the folder as the watcher will name it in events.
fn absolute(folder: &Path) -> notify::Result<(Option<PathBuf>, PathBuf)> {
    match (folder.parent(), folder.file_name()) {
        (Some(parent), Some(name)) => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            let parent = parent.canonicalize()?;
            let folder = parent.join(name);
            Ok((Some(parent), folder))
        }
        _ => Ok((None, folder.canonicalize()?)),
    }
}
