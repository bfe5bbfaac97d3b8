//! Watches are streams.

use futures_util::{StreamExt, TryStreamExt};
use octostore::{Client, Error, LockEventKind, WatchUpdate};

use crate::support::{client, in_time, long, new_name};

#[tokio::test]
async fn a_watch_is_a_stream() {
    let (client, name) = (client(), new_name());
    let mut watch = client.watch(&name).unwrap();
    let state = in_time(watch.next()).await;
    assert!(matches!(state, Some(Ok(WatchUpdate::State(_)))), "{state:?}");

    client.hold(&name, long()).await.unwrap().release().await.unwrap();
    let events = watch.take(2).try_collect::<Vec<_>>();
    let kinds: Vec<LockEventKind> = in_time(events)
        .await
        .unwrap()
        .into_iter()
        .map(|update| match update {
            WatchUpdate::Event(event) => event.event,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, [LockEventKind::Acquired, LockEventKind::Released]);
}

#[tokio::test]
async fn waiting_for_an_update_may_be_given_up() {
    let (client, name) = (client(), new_name());
    let mut watch = client.watch(&name).unwrap();
    in_time(watch.next()).await.unwrap().unwrap();
    tokio::select! {
        biased;
        update = watch.next() => panic!("{update:?}"),
        () = tokio::task::yield_now() => {}
    }
    let lock = client.hold(&name, long()).await.unwrap();
    let update = in_time(watch.next()).await.unwrap().unwrap();
    assert!(matches!(update, WatchUpdate::Event(event) if event.fencing_token == Some(lock.fencing_token())));
    lock.close().await;
}

#[tokio::test]
async fn a_watch_that_is_refused_ends_with_the_error() {
    let url = std::env::var("OCTOSTORE_BASE_URL").unwrap();
    let client = Client::new_without_auth(&url).unwrap();
    let updates: Vec<_> = in_time(client.watch_prefix("rust/").collect()).await;
    assert!(matches!(updates[..], [Err(Error::Authentication { .. })]), "{updates:?}");
}
