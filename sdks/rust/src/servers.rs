use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Url;

/// One of the servers of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Server(usize);

/// The URLs at which a client reaches the service, and the one that it uses now. All calls of the client and of its clones share
/// this.
pub(crate) struct Servers {
    urls: Vec<Url>,
    current: AtomicUsize,
}

impl Servers {
    /// The client begins with the first URL.
    pub fn new(urls: Vec<Url>) -> Self {
        Self { urls, current: AtomicUsize::new(0) }
    }

    pub fn urls(&self) -> &[Url] {
        &self.urls
    }

    pub fn url(&self, server: Server) -> &Url {
        &self.urls[server.0]
    }

    /// For messages.
    pub fn name(&self, server: Server) -> &str {
        self.url(server).as_str().trim_end_matches('/')
    }

    pub fn current(&self) -> Server {
        Server(self.current.load(Ordering::Acquire))
    }

    /// All servers, the current one first.
    pub fn current_first(&self) -> impl Iterator<Item = Server> + use<> {
        let (current, count) = (self.current().0, self.urls.len());
        (0..count).map(move |step| Server((current + step) % count))
    }

    /// Stays with a server that works.
    pub fn keep(&self, server: Server) {
        self.current.store(server.0, Ordering::Release);
    }

    /// Goes on with the next server after one that does not work, unless another call has done so already.
    pub fn leave(&self, server: Server) {
        let next = (server.0 + 1) % self.urls.len();
        let _ = self.current.compare_exchange(server.0, next, Ordering::AcqRel, Ordering::Acquire);
    }
}
