//! The test double, with real clients. No server is needed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use octostore::testing::InMemoryOctoStore;
use octostore::{Client, Error, HandleEventKind, HoldOptions, Lock, SessionOptions};

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

async fn hold(client: &Client, name: &str, ttl_seconds: u32) -> Lock {
    client.hold(name, HoldOptions::new().ttl_seconds(ttl_seconds)).await.unwrap()
}

fn hold_later(client: Client, name: &'static str) -> tokio::task::JoinHandle<Lock> {
    let options = HoldOptions::new().wait(seconds(20));
    tokio::spawn(async move { client.hold(name, options).await.unwrap() })
}

#[tokio::test]
async fn a_lock_is_refused_and_a_waiter_gets_it_with_a_higher_token() {
    let octostore = InMemoryOctoStore::new();
    let (ada, bob) = (octostore.client("ada"), octostore.client("bob"));
    let lock = hold(&ada, "a/b", 30).await;
    match bob.hold("a/b", HoldOptions::new()).await {
        Err(Error::LockHeld(held)) => assert_eq!(held.holder.as_deref(), Some("ada")),
        other => panic!("{other:?}"),
    }
    let waiting = hold_later(bob, "a/b");
    octostore.waiting("a/b", 1).await;
    let first = lock.fencing_token();
    lock.close().await;
    let next = waiting.await.unwrap();
    assert!(next.fencing_token() > first);
    next.close().await;
}

#[tokio::test]
async fn locks_are_renewed_when_the_clock_moves_less_than_their_ttl() {
    let octostore = InMemoryOctoStore::new();
    let kinds = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&kinds);
    let client = octostore.client("ada").with_observer(move |event| {
        assert_eq!(event.locks, ["a"]);
        told.lock().unwrap().push(event.kind);
    });
    let lock = hold(&client, "a", 30).await;
    for _ in 0..3 {
        octostore.advance(seconds(20)).await;
    }
    assert!(!lock.is_lost());
    let renewed = HandleEventKind::Renewed;
    assert_eq!(*kinds.lock().unwrap(), [HandleEventKind::Acquired, renewed, renewed, renewed]);
    lock.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_lost_when_it_moves_further_and_the_next_one_has_the_lock() {
    let octostore = InMemoryOctoStore::new();
    let lock = hold(&octostore.client("ada"), "a", 10).await;
    let waiting = hold_later(octostore.client("bob"), "a");
    octostore.waiting("a", 1).await;
    octostore.advance(seconds(11)).await;
    assert!(lock.is_lost());
    waiting.await.unwrap().close().await;
}

#[tokio::test]
async fn sessions_end_with_their_locks() {
    let octostore = InMemoryOctoStore::new();
    let client = octostore.client("ada");
    let session = client.open_session(SessionOptions::new().ttl_seconds(10)).await.unwrap();
    let options = HoldOptions::new().ttl_seconds(100).session(&session);
    let lock = client.hold("a", options).await.unwrap();
    octostore.advance(seconds(11)).await;
    assert!(session.is_lost() && lock.is_lost());
}

#[tokio::test]
async fn an_acquire_that_is_dropped_leaves_the_line() {
    let octostore = InMemoryOctoStore::new();
    let lock = hold(&octostore.client("ada"), "a", 30).await;
    let waiting = hold_later(octostore.client("bob"), "a");
    octostore.waiting("a", 1).await;
    waiting.abort();
    assert!(waiting.await.is_err());
    assert_eq!(octostore.client("ada").queue("a").await.unwrap().waiters, 0);
    lock.close().await;
}

#[tokio::test]
async fn only_its_own_tokens_are_valid_and_what_it_leaves_out_says_so() {
    let octostore = InMemoryOctoStore::new();
    let stranger = octostore.client_with_token("another").unwrap();
    assert!(matches!(stranger.get_lock_status("a").await, Err(Error::Authentication { .. })));
    assert_eq!(stranger.health().await.unwrap(), "OK");
    let error = octostore.client("ada").list_webhooks().await.unwrap_err();
    assert_eq!(error.code(), Some("not_in_double"));
    assert!(error.to_string().contains("real server"));
}

#[tokio::test]
async fn an_observer_that_panics_harms_nothing() {
    let client = InMemoryOctoStore::new().client("ada").with_observer(|_| panic!("the observer is broken"));
    let lock = hold(&client, "a", 30).await;
    assert!(!lock.is_lost());
    lock.close().await;
}
