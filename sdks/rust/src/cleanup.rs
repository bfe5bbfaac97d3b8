use tokio::runtime::Handle;

use crate::client::Client;
use crate::error::Result;
use crate::flag::Flag;
use crate::remote::Remote;

/// When dropped, ends something on the server in the background, if it may exist.
pub(crate) struct Cleanup {
    client: Client,
    remote: Remote,
    /// The runtime that it was created in. It may be dropped outside of any runtime.
    runtime: Handle,
    pub may_be_there: Flag,
}

impl Cleanup {
    /// For something that does not exist yet.
    pub fn new(client: Client, remote: Remote) -> Self {
        Self { client, remote, runtime: Handle::current(), may_be_there: Flag::new(false) }
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    pub fn remote(&self) -> &Remote {
        &self.remote
    }

    /// Ends it now. If this is dropped before that is done, it starts again in the background.
    pub async fn run(&self) -> Result<()> {
        self.remote.end(&self.client).await
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        if !self.may_be_there.is_set() {
            return;
        }
        let (client, remote) = (self.client.clone(), self.remote.clone());
        self.runtime.spawn(async move {
            // If it cannot be ended, it expires on its own.
            let _ = remote.end(&client).await;
        });
    }
}
