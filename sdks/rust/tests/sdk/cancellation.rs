//! Calls may be dropped at any time.

use std::time::Duration;

use octostore::{AcquireOptions, HoldOptions, LockStatus};

use crate::support::{client, held_by_other, long, new_name, until_waiters};

#[tokio::test]
async fn a_hold_that_is_dropped_while_it_waits_leaves_the_queue() {
    let (client, name) = (client(), new_name());
    let theirs = held_by_other(&name).await;
    let (in_task, of) = (client.clone(), name.clone());
    let waiting = tokio::spawn(async move { in_task.hold(&of, long().wait(Duration::MAX)).await });
    until_waiters(&client, &name, 1).await;
    waiting.abort();
    until_waiters(&client, &name, 0).await;
    theirs.close().await;
    let info = client.get_lock_status(&name).await.unwrap();
    assert_eq!(info.status, LockStatus::Free);
}

#[tokio::test]
async fn an_acquire_that_is_dropped_may_be_one_of_a_timeout() {
    let (client, name) = (client(), new_name());
    let theirs = held_by_other(&name).await;
    let options = AcquireOptions::new().wait(Duration::from_secs(60));
    let acquire = client.acquire_lock_with(&name, options);
    assert!(tokio::time::timeout(Duration::from_millis(100), acquire).await.is_err());
    until_waiters(&client, &name, 0).await;
    theirs.close().await;
}

#[tokio::test]
async fn futures_can_be_spawned() {
    fn can_be_spawned<T: Send + 'static>(_: &T) {}
    let client = client();
    let name = new_name();
    can_be_spawned(&{
        let (client, name) = (client.clone(), name.clone());
        async move { client.with_lock(&name, HoldOptions::new(), |lock| async move { lock.lost().await }).await }
    });
    can_be_spawned(&client.watch(&name).unwrap());
    can_be_spawned(&client.clone());
}
