use tokio::runtime::Handle;

use crate::client::Client;
use crate::error::Result;
use crate::flag::Flag;
use crate::remote::Remote;

/// Ends something on the server in the background when it is dropped, if it may be there.
pub(crate) struct Cleanup {
    client: Client,
    remote: Remote,
    /// That of its making: it may be dropped outside of any.
    runtime: Handle,
    pub may_be_there: Flag,
}

impl Cleanup {
    /// For what is not there yet.
    pub fn new(client: Client, remote: Remote) -> Self {
        Self { client, remote, runtime: Handle::current(), may_be_there: Flag::new(false) }
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
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        if !self.may_be_there.is_set() {
            return;
        }
        let (client, remote) = (self.client.clone(), self.remote.clone());
        self.runtime.spawn(async move {
            // What cannot be ended ends by itself when its time is over.
            let _ = remote.end(&client).await;
        });
    }
}
