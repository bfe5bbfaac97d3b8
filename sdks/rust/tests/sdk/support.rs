use std::future::Future;
use std::time::Duration;

use octostore::{Client, HoldOptions, Lock, LockEventKind, LockInfo, LockStatus, WatchUpdate};

/// Nothing here takes longer.
pub(crate) const BOUND: Duration = Duration::from_secs(10);

/// A client of the server in the environment.
pub(crate) fn client() -> Client {
    Client::from_env().unwrap()
}

/// Another user of it.
pub(crate) fn other_client() -> Client {
    let of = |name| std::env::var(name).unwrap_or_else(|_| panic!("{name} is missing"));
    Client::new(&of("OCTOSTORE_BASE_URL"), &of("OCTOSTORE_OTHER_TOKEN")).unwrap()
}

/// A name that no other test has.
pub(crate) fn new_name() -> String {
    format!("rust/{}", uuid::Uuid::new_v4())
}

/// Leases that do not end by themselves while a test runs.
pub(crate) fn long() -> HoldOptions {
    HoldOptions::new().ttl_seconds(600)
}

/// A lock that the other user has.
pub(crate) async fn held_by_other(name: &str) -> Lock {
    other_client().hold(name, long()).await.unwrap()
}

pub(crate) async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(BOUND, future).await.expect("it takes too long")
}

/// Waits until nobody has a lock.
pub(crate) async fn until_free(client: &Client, name: &str) {
    let mut watch = client.watch(name).unwrap();
    in_time(async {
        loop {
            match watch.next().await.unwrap().unwrap() {
                WatchUpdate::State(info) if info.status == LockStatus::Free => return,
                WatchUpdate::Event(event) if event.event == LockEventKind::Released => return,
                _ => {}
            }
        }
    })
    .await;
}

/// Waits until so many requests wait for a lock.
pub(crate) async fn until_waiters(client: &Client, name: &str, waiters: u64) -> LockInfo {
    in_time(async {
        loop {
            let info = client.get_lock_status(name).await.unwrap();
            if info.waiters == waiters {
                return info;
            }
            // No event tells of those who wait.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}
