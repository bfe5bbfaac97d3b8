//! Sessions end, and their locks with them.

use octostore::{Error, Loss, SessionOptions};

use crate::support::{client, in_time, long, new_name, until_free};

#[tokio::test]
async fn a_session_that_is_dropped_is_ended() {
    let (client, name) = (client(), new_name());
    let session = client.open_session(SessionOptions::new()).await.unwrap();
    let lock = client.hold(&name, long().session(&session)).await.unwrap();
    let lost = lock.lost();
    drop(session);
    assert_eq!(in_time(lost).await, Loss::SessionOver);
    assert!(lock.is_lost() && lock.remaining().is_zero());
    until_free(&client, &name).await;
}

#[tokio::test]
async fn a_lock_lives_no_longer_than_its_session() {
    let client = client();
    let session = client.open_session(SessionOptions::new().ttl_seconds(10)).await.unwrap();
    let lock = client.hold(&new_name(), long().session(&session)).await.unwrap();
    let remaining = session.remaining();
    assert!(lock.remaining() <= remaining);
    session.end().await.unwrap();
    assert_eq!(lock.loss(), Some(Loss::SessionOver));
}

#[tokio::test]
async fn a_session_that_is_gone_can_be_ended() {
    let client = client();
    let session = client.open_session(SessionOptions::new()).await.unwrap();
    client.end_session(session.id()).await.unwrap();
    let gone = client.session_status(session.id()).await.unwrap_err();
    assert!(matches!(gone, Error::NotFound { .. }), "{gone:?}");
    session.end().await.unwrap();
}
