//! A way to a server that can be cut.

use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes connections on while it is open.
pub struct Proxy {
    pub port: u16,
    is_open: Arc<watch::Sender<bool>>,
}

impl Proxy {
    /// Listens on a free port and passes on to `server` (`host:port`).
    pub async fn new(server: String, is_open: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(watch::Sender::new(is_open));
        let is_open = state.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut state = is_open.subscribe();
                let server = server.clone();
                tokio::spawn(async move {
                    if *state.borrow() {
                        let mut far = TcpStream::connect(server).await.unwrap();
                        tokio::select! {
                            _ = copy_bidirectional(&mut near, &mut far) => {}
                            _ = state.wait_for(|is_open| !is_open) => {}
                        }
                    }
                });
            }
        });
        Self { port, is_open: state }
    }

    /// Breaks all connections and lets no new one through.
    pub fn cut(&self) {
        self.is_open.send_replace(false);
    }

    pub fn mend(&self) {
        self.is_open.send_replace(true);
    }
}
