use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Handle;

use crate::client::Client;
use crate::error::Result;
use crate::remote::Remote;

/// Ends something on the server in the background when it is dropped, unless that has been seen to.
pub(crate) struct Cleanup {
    client: Client,
    remote: Remote,
    /// That of its making: it may be dropped outside of any.
    runtime: Handle,
    is_armed: AtomicBool,
}

impl Cleanup {
    pub fn new(client: Client, remote: Remote) -> Self {
        Self { client, remote, runtime: Handle::current(), is_armed: AtomicBool::new(true) }
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    pub fn remote(&self) -> &Remote {
        &self.remote
    }

    /// Does it now. If this is dropped before it is done, it is begun anew in the background.
    pub async fn run(&self) -> Result<()> {
        self.remote.end(&self.client).await
    }

    /// Nothing remains to be done.
    pub fn disarm(&self) {
        self.is_armed.store(false, Ordering::Release);
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        if !self.is_armed.load(Ordering::Acquire) {
            return;
        }
        let (client, remote) = (self.client.clone(), self.remote.clone());
        self.runtime.spawn(async move {
            // What cannot be ended ends by itself when its time is over.
            let _ = remote.end(&client).await;
        });
    }
}
