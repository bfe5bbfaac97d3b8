//! Signals do not leave locks behind.

use std::process::Command;

use octostore::{AfterRelease, LockStatus};
use tokio::signal::unix::{SignalKind, signal};

use crate::support::{client, in_time, long, new_name, until_free};

#[tokio::test]
async fn a_program_with_its_own_signal_handlers_goes_on() {
    let mut own = signal(SignalKind::terminate()).unwrap();
    let (client, name) = (client().with_release_on_exit(AfterRelease::GoOn), new_name());
    let lock = client.hold(&name, long()).await.unwrap();
    let me = std::process::id().to_string();
    assert!(Command::new("kill").args(["-TERM", &me]).status().unwrap().success());
    in_time(own.recv()).await;
    until_free(&client, &name).await;
    assert!(lock.remaining().is_zero() && !lock.is_lost());
    // The client still works.
    let again = client.hold(&name, long()).await.unwrap();
    again.close().await;
    assert_eq!(client.get_lock_status(&name).await.unwrap().status, LockStatus::Free);
}
