//! Builds the parts, runs the channels, and stops gracefully.

pub mod upkeep;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use secrecy::ExposeSecret as _;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::channel::messenger::{self, Messenger};
use crate::channel::staff::Staff;
use crate::channel::telegram::{self, Telegram};
use crate::channel::web::console::Console;
use crate::channel::web::{self, Others, Web};
use crate::config::Config;
use crate::faq::format::Finding;
use crate::library::Library;
use crate::library::kept::Kept;
use crate::library::last_good::LastGood;
use crate::library::source::{Files, Source};
use crate::library::watch::{Reload, Watch, watch as watch_folder};
use crate::memory::Memory;
use crate::responder::Responder;
use crate::store;
use crate::telemetry::Metrics;

use upkeep::{Connecting, Upkeep};

/// How long requests under way may run after the signal to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the upkeep may run after that: it stops between two batches of deletions.
const UPKEEP_TIMEOUT: Duration = Duration::from_secs(2);

/// How often the metrics exporter folds its histograms.
const FOLD_INTERVAL: Duration = Duration::from_secs(5);

/// Every part, built and ready to run.
pub struct App {
    listener: TcpListener,
    address: SocketAddr,
    web: Arc<Web>,
    telegram: Option<Arc<Telegram>>,
    messenger: Option<Arc<Messenger>>,
    memory: Arc<Memory>,
    library: Arc<Library>,
    metrics: Metrics,
    days: u32,
    /// The attempts to connect to the store, where it was not reachable at the start.
    connecting: Option<Connecting>,
    _watch: Option<Watch>,
}

/// Binds the address that the web server listens on.
///
/// # Errors
/// The address is in use, is not of this machine, or needs rights that this user lacks.
pub async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            anyhow!("LISTEN: {address} is in use by another program; stop it or set LISTEN to another port")
        }
        io::ErrorKind::PermissionDenied => {
            anyhow!("LISTEN: {address} may not be taken by this user; set LISTEN to a port from 1024 up")
        }
        _ => anyhow!("LISTEN: {address} cannot be taken ({error}); set LISTEN to an address of this machine"),
    })
}

impl App {
    /// Reads the content of `source`, trains the matcher on it, watches it for changes, and opens the store.
    ///
    /// # Errors
    /// The content cannot be used (every finding, a line each), or the store cannot be used and retrying does not help.
    pub async fn build(config: &Config, source: Source, listener: TcpListener) -> anyhow::Result<Self> {
        let address = listener.local_addr().context("LISTEN")?;
        let metrics = Metrics::new()?;
        let reading = source.clone();
        // What is compiled in cannot break.
        let kept = store::folder(config.database_url.expose_secret()).as_deref().map(LastGood::beside);
        let kept = kept.filter(|_| matches!(source, Source::Folder(_)));
        let keeping = kept.clone();
        let learned = Kept::beside(config.database_url.expose_secret());
        let Opened { files, library, broken } =
            spawn_blocking(move || open(&reading, keeping.as_ref(), learned))
                .await?
                .map_err(|findings| lines(&findings))?;
        let library = Arc::new(library);
        let links = config.links(address);
        let mut memory = Memory::awaiting_store();
        if let Some(configured) = &config.telegram {
            for channel in [telegram::CHANNEL, telegram::GUEST, telegram::SECRETARY] {
                memory = memory.with_secret(channel, configured.token.clone());
            }
        }
        if let Some(configured) = &config.messenger {
            memory = memory.with_secret(messenger::CHANNEL, configured.app_secret.clone());
            memory = memory.with_secret(messenger::INSTAGRAM, configured.app_secret.clone());
        }
        let memory = Arc::new(memory);
        let connecting = upkeep::attach(&memory, &library, &config.database_url).await?;
        let responder = Arc::new(Responder::new(Arc::clone(&library), links.clone(), Arc::clone(&memory)));
        let parts = telegram::Parts {
            responder: Arc::clone(&responder),
            links: links.clone(),
            metrics: metrics.clone(),
        };
        let telegram = match &config.telegram {
            Some(configured) => Some(Arc::new(Telegram::new(config, configured, parts)?)),
            None => None,
        };
        let staff = Staff::new(telegram.clone(), config.handoff_text);
        let parts = messenger::Parts { responder: Arc::clone(&responder), metrics: metrics.clone(), staff };
        let messenger = match &config.messenger {
            Some(configured) => Some(Arc::new(Messenger::new(config, configured, parts)?)),
            None => None,
        };
        let others = Others { telegram: telegram.clone(), messenger: messenger.clone() };
        let console = Console::new(config, &source, &responder, &library, &links, (&others, &metrics));
        let web =
            Arc::new(Web::new(responder, Arc::clone(&library), links, metrics.clone(), others, console));
        let reports = Reports { kept, telegram: telegram.clone(), metrics: metrics.clone() };
        if !broken.is_empty() {
            reports.tell(broken);
        }
        let watch = follow(&source, &files, Arc::clone(&library), reports);
        let days = u32::try_from(config.retention_days()).unwrap_or(u32::MAX);
        Ok(Self {
            listener,
            address,
            web,
            telegram,
            messenger,
            memory,
            library,
            metrics,
            days,
            connecting,
            _watch: watch,
        })
    }

    /// Where the web server listens, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` completes, then drains: requests under way get `DRAIN_TIMEOUT`, and what is still to be
    /// written goes to the store.
    ///
    /// # Errors
    /// The listener fails, or a store that was not reachable at the start turns out to be unusable.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
        let Self { listener, web, telegram, messenger, memory, library, metrics, days, connecting, .. } =
            self;
        let stop = CancellationToken::new();
        let signal = {
            let (web, stop) = (Arc::clone(&web), stop.clone());
            async move {
                shutdown.await;
                stop.cancel();
                web.set_ready(false);
            }
        };
        let folding = tokio::spawn(fold(metrics.clone()));
        let upkeep = Upkeep { memory: Arc::clone(&memory), library, web: Arc::clone(&web), metrics, days };
        let mut upkeep = tokio::spawn(upkeep.run(connecting, stop.clone()));
        let channels = TaskTracker::new();
        if let Some(telegram) = telegram {
            let (memory, stop) = (Arc::clone(&memory), stop.clone());
            channels.spawn(async move {
                let removing =
                    upkeep::remove_when_due(&memory, telegram::CHANNEL, |message| telegram.remove(message));
                tokio::join!(telegram.run(stop.clone()), stop.run_until_cancelled(removing));
            });
        }
        if let Some(messenger) = messenger {
            let stop = stop.clone();
            channels.spawn(async move { messenger.run(stop).await });
        }
        channels.close();
        let server = axum::serve(listener, web::service(web)).with_graceful_shutdown(signal);
        let serving = async {
            let outcome = server.await;
            // Each channel drains within less than `DRAIN_TIMEOUT`.
            channels.wait().await;
            outcome
        };
        let overdue = async {
            stop.cancelled().await;
            tokio::time::sleep(DRAIN_TIMEOUT).await;
        };
        let failed = async {
            match (&mut upkeep).await {
                Ok(Err(error)) => error,
                // It was told to stop, which the other branches handle, or it panicked: answering goes on without it.
                Ok(Ok(())) | Err(_) => std::future::pending().await,
            }
        };
        let outcome = tokio::select! {
            outcome = serving => outcome.context("the web server failed"),
            () = overdue => {
                tracing::warn!("some requests did not finish in {} s and were cut off", DRAIN_TIMEOUT.as_secs());
                Ok(())
            }
            error = failed => Err(error),
        };
        stop.cancel();
        folding.abort();
        if !upkeep.is_finished() && tokio::time::timeout(UPKEEP_TIMEOUT, &mut upkeep).await.is_err() {
            upkeep.abort();
        }
        memory.finish().await;
        outcome
    }
}

/// The content that is served.
struct Opened {
    files: Files,
    library: Library,
    /// What is wrong with `faq/`, where the last good content is served in its place.
    broken: Vec<Finding>,
}

/// The content of `source`, or, where that cannot be used, the last that could.
fn open(source: &Source, kept: Option<&LastGood>, learned: Kept) -> Result<Opened, Vec<Finding>> {
    let read = source.files().and_then(|files| Ok((learned.parse(source, &files)?, files)));
    let (parsed, files, broken) = match read {
        Ok((parsed, files)) => {
            if let Some(kept) = kept {
                kept.keep(&files);
            }
            (parsed, files, Vec::new())
        }
        Err(findings) => {
            let last = kept.and_then(|kept| Some((kept, kept.files()?)));
            let Some((kept, files)) = last else { return Err(findings) };
            let Ok(parsed) = learned.parse(source, &files) else { return Err(findings) };
            for finding in &findings {
                tracing::error!("{finding}");
            }
            let path = kept.path().display();
            tracing::error!("the content cannot be used; the last that could is in service, from {path}");
            (parsed, files, findings)
        }
    };
    // Parsing leaves the content scattered among its temporary allocations: after a copy whole pages can be freed.
    let faq = parsed.clone();
    drop(parsed);
    tracing::info!(entries = faq.entries.len(), "content read");
    Ok(Opened { files, library: Library::with(faq, learned), broken })
}

/// The findings as one error, a line each.
pub(crate) fn lines(findings: &[Finding]) -> anyhow::Error {
    anyhow!(findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// Who is told what became of a change of the content.
struct Reports {
    kept: Option<LastGood>,
    telegram: Option<Arc<Telegram>>,
    metrics: Metrics,
}

impl Reports {
    /// The operators get one message with what is wrong, once Telegram can be reached.
    fn tell(&self, findings: Vec<Finding>) {
        if let Some(telegram) = self.telegram.clone() {
            tokio::spawn(async move { telegram.tell_of_findings(&findings).await });
        }
    }
}

/// Watches a folder for changes, where the system supports it.
fn follow(source: &Source, files: &Files, library: Arc<Library>, reports: Reports) -> Option<Watch> {
    let Source::Folder(folder) = source else { return None };
    let watched = source.clone();
    let done = move |reload: Reload| {
        reports.metrics.reload(reload.is_ok());
        match reload {
            Ok(entries) => {
                tracing::info!(entries, "content changed, the new one is in service");
                if let Some(kept) = &reports.kept {
                    kept.keep_from(&watched);
                }
            }
            Err(findings) => {
                for finding in &findings {
                    tracing::error!("{finding}");
                }
                tracing::error!("content changed but cannot be used; the old one stays in service");
                reports.tell(findings);
            }
        }
    };
    watch_folder(library, folder, files, done)
        .inspect_err(|error| {
            let folder = folder.display();
            tracing::warn!("{folder} cannot be watched ({error}); changes take effect at the next start");
        })
        .ok()
}

async fn fold(metrics: Metrics) {
    let mut ticks = interval(FOLD_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        metrics.fold();
    }
}

/// Completes on Ctrl-C, or on SIGTERM where the system has it. Signals count from the call on, not only once the future
/// is polled.
///
/// # Errors
/// The signal handlers cannot be installed.
pub fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    #[cfg(unix)]
    let stop = {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
    };
    #[cfg(not(unix))]
    let stop = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!("Ctrl-C cannot be handled: {error}");
            std::future::pending::<()>().await;
        }
    };
    Ok(stop)
}
