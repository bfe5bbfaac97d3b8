//! Handles and blocks release their locks, whatever ends them.

use std::sync::Arc;

use octostore::{Client, Error, HoldOptions, Lock, LockStatus, Loss};

use crate::support::{client, in_time, long, new_name, until_free};

/// A lock that is renewed soon.
fn brief() -> HoldOptions {
    HoldOptions::new().ttl_seconds(3)
}

#[tokio::test]
async fn a_block_gives_what_it_gives_and_has_released_its_lock() {
    let (client, name) = (client(), new_name());
    let given = client
        .with_lock(&name, long(), |lock| async move { (lock.fencing_token(), lock.is_lost()) })
        .await
        .unwrap();
    assert!(given.0 > 0 && !given.1);
    let info = client.get_lock_status(&name).await.unwrap();
    assert_eq!(info.status, LockStatus::Free);
}

#[tokio::test]
async fn a_block_that_keeps_its_lock_has_released_it_all_the_same() {
    let (client, name) = (client(), new_name());
    let kept = client.with_lock(&name, long(), |lock| async move { lock }).await.unwrap();
    let info = client.get_lock_status(&name).await.unwrap();
    assert_eq!(info.status, LockStatus::Free);
    assert!(kept.remaining().is_zero());
}

#[tokio::test]
async fn a_block_that_panics_releases_its_lock() {
    let (client, name) = (client(), new_name());
    let (in_task, of) = (client.clone(), name.clone());
    let block = async move { in_task.with_lock(&of, long(), |_| async { panic!("on purpose") }).await };
    let joined: Result<Result<(), Error>, _> = tokio::spawn(block).await;
    assert!(joined.unwrap_err().is_panic());
    until_free(&client, &name).await;
}

#[tokio::test]
async fn a_block_that_is_dropped_releases_its_lock() {
    let (client, name) = (client(), new_name());
    let begun = Arc::new(tokio::sync::Notify::new());
    let (in_task, of, begins) = (client.clone(), name.clone(), Arc::clone(&begun));
    let task = tokio::spawn(async move {
        in_task
            .with_lock(&of, long(), |_| async move {
                begins.notify_one();
                std::future::pending::<()>().await;
            })
            .await
    });
    in_time(begun.notified()).await;
    task.abort();
    until_free(&client, &name).await;
}

#[tokio::test]
async fn a_lock_that_is_dropped_is_released() {
    let (client, name) = (client(), new_name());
    drop(client.hold(&name, long()).await.unwrap());
    until_free(&client, &name).await;
}

#[tokio::test]
async fn a_lock_may_be_dropped_outside_of_the_runtime() {
    let (client, name) = (client(), new_name());
    let lock = client.hold(&name, long()).await.unwrap();
    std::thread::spawn(move || drop(lock)).join().unwrap();
    until_free(&client, &name).await;
}

#[tokio::test]
async fn a_lock_that_is_gone_can_be_released() {
    let (client, name) = (client(), new_name());
    let lock = client.hold(&name, long()).await.unwrap();
    client.release_lock(&name, lock.lease_id()).await.unwrap();
    lock.release().await.unwrap();
}

#[tokio::test]
async fn a_lock_that_was_released_is_never_lost() {
    let (client, name) = (client(), new_name());
    let lock = client.hold(&name, long()).await.unwrap();
    let lost = lock.lost();
    lock.release().await.unwrap();
    tokio::select! {
        biased;
        why = lost => panic!("{why}"),
        () = tokio::task::yield_now() => {}
    }
}

#[tokio::test]
async fn an_error_of_a_block_is_not_mixed_up_with_those_of_the_lock() {
    let (client, name) = (client(), new_name());
    let given = client.with_lock(&name, long(), |_| async { Err::<(), _>("mine") }).await;
    assert_eq!(given.unwrap(), Err("mine"));
    let lock = client.hold(&name, long()).await.unwrap();
    let given = client.with_lock(&name, long(), |_| async { unreachable!() }).await;
    assert!(matches!(given, Err::<(), _>(Error::LockHeld(_))));
    lock.close().await;
}

/// Loses the lock that a block has.
async fn lose(client: &Client, lock: &Lock) {
    client.release_lock(lock.name(), lock.lease_id()).await.unwrap();
    in_time(lock.lost()).await;
}

#[tokio::test]
async fn a_loss_is_no_success_of_a_block() {
    let (client, name) = (client(), new_name());
    let losing = client.with_lock(&name, brief(), |lock| {
        let client = client.clone();
        async move { lose(&client, &lock).await }
    });
    let error = losing.await.unwrap_err();
    let Error::LockLost(lost) = &error else { panic!("{error:?}") };
    assert_eq!((lost.lock.as_str(), lost.loss), (name.as_str(), Loss::Ended));
    assert!(error.to_string().contains(&name), "{error}");
}

#[tokio::test]
async fn an_error_of_a_block_goes_out_even_if_its_lock_was_lost() {
    #[derive(Debug)]
    enum Mine {
        NoDisk,
        Call(Error),
    }
    impl From<Error> for Mine {
        fn from(error: Error) -> Self {
            Self::Call(error)
        }
    }

    let (client, name) = (client(), new_name());
    for (fails, is_lost) in [(true, true), (false, true), (true, false)] {
        let result = client
            .try_with_lock(&name, brief(), |lock| {
                let client = client.clone();
                async move {
                    if is_lost {
                        lose(&client, &lock).await;
                    }
                    if fails { Err(Mine::NoDisk) } else { Ok(()) }
                }
            })
            .await;
        match result {
            Err(Mine::NoDisk) => assert!(fails),
            Err(Mine::Call(Error::LockLost(_))) => assert!(is_lost && !fails),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn no_text_form_has_the_lease_id() {
    let (client, name) = (client(), new_name());
    let lock = client.hold(&name, long()).await.unwrap();
    let text = format!("{lock:?}");
    assert!(text.contains(&name) && text.contains(&lock.fencing_token().to_string()), "{text}");
    assert!(text.contains("left") && !text.contains(lock.lease_id()), "{text}");
    lock.close().await;
}
