//! What leases can be like: shared, counted, of several locks, converted, delayed, proved, asked for and broken.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use octostore::{
    AcquireOptions, Client, Error, HandleEventKind, HoldOptions, LockMode, LockStatus, Loss, SessionOptions,
    WantedLock,
};
use tokio::sync::mpsc;

use crate::scripted::scripted;
use crate::support::{client, held_by_other, in_time, long, new_name, other_client, until_waiters};

/// Options of a lock that is renewed soon.
fn brief() -> HoldOptions {
    HoldOptions::new().ttl_seconds(3)
}

#[tokio::test]
async fn readers_share_a_lock() {
    let (client, name) = (client(), new_name());
    let mine = client.hold(&name, long().shared()).await.unwrap();
    let theirs = other_client().hold(&name, long().shared()).await.unwrap();
    assert_eq!(mine.locks()[0].hold.mode, LockMode::Shared);
    let info = client.get_lock_status(&name).await.unwrap();
    assert_eq!((info.hold.mode, info.holder_count), (LockMode::Shared, Some(2)));
    assert_eq!(info.holders.map(|holders| holders.len()), Some(2));
    let writer = client.acquire_lock(&name, 60).await;
    assert!(matches!(writer, Err(Error::LockHeld(_))), "{writer:?}");
    mine.close().await;
    theirs.close().await;
}

#[tokio::test]
async fn a_counted_lock_has_slots() {
    let (client, name) = (client(), new_name());
    let lock = client.hold(&name, long().limit(3).permits(2)).await.unwrap();
    assert_eq!(lock.slots().len(), 2);
    let Err(Error::LockHeld(held)) = client.hold(&name, long().limit(4)).await else { panic!("it is held") };
    assert_eq!((held.conflict.limit, held.conflict.lock.as_ref()), (Some(3), Some(&name)));
    assert_eq!(held.message.code(), Some("limit_mismatch"));
    lock.close().await;
}

#[tokio::test]
async fn several_locks_are_one_lease() {
    let (client, name) = (client(), new_name());
    let (a, b) = (format!("{name}/a"), format!("{name}/b"));
    let wanted = || vec![WantedLock::new(&a), WantedLock::new(&b).shared()];
    let lock = client.hold_all(wanted(), brief()).await.unwrap();
    assert_eq!((lock.name(), lock.locks().len()), (a.as_str(), 2));
    assert!(matches!(client.acquire_lock(&a, 60).await, Err(Error::LockHeld(_))));
    let lease = client.lease(lock.lease_id()).await.unwrap();
    assert_eq!((lease.fencing_token, lease.locks.len()), (lock.fencing_token(), 2));
    client.renew_lease(lock.lease_id(), 60).await.unwrap();
    lock.close().await;
    for name in [&a, &b] {
        assert_eq!(client.get_lock_status(name).await.unwrap().status, LockStatus::Free);
    }

    let lock = client.hold_all(wanted(), brief()).await.unwrap();
    client.release_lease(lock.lease_id()).await.unwrap();
    assert_eq!(in_time(lock.lost()).await, Loss::Ended);

    let lease = client.acquire_all(wanted(), AcquireOptions::new()).await.unwrap();
    client.release_lease(&lease.lease_id).await.unwrap();
    for refused in [
        client.acquire_all(vec![], AcquireOptions::new()).await,
        client.acquire_all(wanted(), AcquireOptions::new().limit(2)).await,
    ] {
        assert!(matches!(refused, Err(Error::Validation { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn a_lock_is_converted_without_letting_go_of_it() {
    let (client, name) = (client(), new_name());
    let lock = client.hold(&name, long().shared()).await.unwrap();
    let before = lock.fencing_token();
    lock.convert(LockMode::Exclusive).await.unwrap();
    assert!(lock.fencing_token() > before && lock.locks()[0].hold.mode == LockMode::Exclusive);
    lock.convert(LockMode::Shared).await.unwrap();
    let theirs = other_client().hold(&name, long().shared()).await.unwrap();
    assert!(matches!(lock.convert(LockMode::Exclusive).await, Err(Error::LockHeld(_))));
    assert!(matches!(lock.convert_lock("another", LockMode::Shared).await, Err(Error::Validation { .. })));
    theirs.close().await;
    client.release_lock(&name, lock.lease_id()).await.unwrap();
    assert!(matches!(lock.convert(LockMode::Exclusive).await, Err(Error::NotFound { .. })));
    assert_eq!(lock.loss(), Some(Loss::Ended));
}

#[tokio::test]
async fn a_lock_is_delayed_after_its_minimum_hold() {
    let (client, name) = (client(), new_name());
    client.hold(&name, long().min_hold_seconds(20)).await.unwrap().close().await;
    let info = client.get_lock_status(&name).await.unwrap();
    assert!(info.status == LockStatus::Delayed && info.available_at.is_some(), "{info:?}");
    let Err(Error::LockHeld(held)) = other_client().acquire_lock(&name, 60).await else {
        panic!("it is kept")
    };
    assert_eq!((held.message.code(), held.holder), (Some("lock_delayed"), None));
    for options in [long().lock_delay_seconds(61), brief().min_hold_seconds(4)] {
        assert!(matches!(client.hold(&name, options).await, Err(Error::Validation { .. })));
    }
}

#[tokio::test]
async fn a_holder_learns_once_that_someone_asks_for_its_lock() {
    let (tell, mut renewals) = mpsc::unbounded_channel();
    let client = client().with_observer(move |event| {
        if event.kind == HandleEventKind::Renewed {
            let _ = tell.send(());
        }
    });
    let name = new_name();
    let lock = client.hold(&name, brief()).await.unwrap();
    let mut requests = lock.release_requests();
    assert_eq!(lock.release_requested(), None);
    other_client().request_release(&name, Some("deploying")).await.unwrap();
    let request = in_time(requests.next()).await.unwrap();
    assert_eq!(request.message.as_deref(), Some("deploying"));
    assert_eq!(lock.release_requested(), Some(request));
    while renewals.try_recv().is_ok() {}
    in_time(renewals.recv()).await;
    tokio::select! {
        biased;
        again = requests.next() => panic!("{again:?}"),
        () = tokio::task::yield_now() => {}
    }
    lock.close().await;
    assert_eq!(in_time(requests.next()).await, None);
}

const LEASE: &str = r#"{"status": "acquired", "name": "a", "mode": "exclusive", "lease_id": "l", "fencing_token": 7,
    "expires_at": "2030-01-01T00:00:00Z", "holder": "me", "holder_id": "1", "metadata": null}"#;
const BROKEN: &str = r#"{"error": "Broken.", "code": "lease_broken", "reason": "stuck", "broken_by": "administrator",
    "broken_at": "2030-01-01T00:00:00Z"}"#;
const BREAK: &str =
    r#"{"status": "broken", "name": "a", "lease_count": 2, "fencing_tokens": [7, 8], "ended_delay": false}"#;

#[tokio::test]
async fn a_break_says_by_whom_and_why() {
    let url = scripted(|path, _| match path {
        "/locks/a/acquire" => (200, LEASE),
        "/locks/a/break" => (200, BREAK),
        _ => (410, BROKEN),
    })
    .await;
    let client = Client::new(&url, "token").unwrap();
    let ended = client.break_lock("a", "stuck", None).await.unwrap();
    assert_eq!((ended.lease_count, ended.fencing_tokens), (2, vec![7, 8]));
    let Err(Error::NotFound { message }) = client.renew_lock("a", "l", 60).await else {
        panic!("it is broken")
    };
    let broken = message.broken().unwrap();
    assert_eq!((broken.reason.as_str(), broken.broken_by.as_str()), ("stuck", "administrator"));
    let lock = client.hold("a", HoldOptions::new().ttl_seconds(1)).await.unwrap();
    assert_eq!(lock.loss_message(), None);
    assert_eq!(in_time(lock.lost()).await, Loss::Ended);
    assert_eq!(lock.loss_message().unwrap().broken().unwrap(), broken);
}

#[tokio::test]
async fn a_fence_refuses_stale_tokens() {
    let (client, name) = (client(), new_name());
    let first = client.acquire_lock(&format!("{name}/1"), 60).await.unwrap().fencing_token.unwrap();
    let second = client.acquire_lock(&format!("{name}/2"), 60).await.unwrap().fencing_token.unwrap();
    assert_eq!(client.advance_fence(&name, second).await.unwrap().highest, second);
    for refused in [client.advance_fence(&name, first).await, client.check_fence(&name, first).await] {
        let Err(Error::StaleToken(stale)) = refused else { panic!("{refused:?}") };
        assert_eq!(stale.highest, second);
    }
    assert_eq!(client.fence(&name).await.unwrap().highest, second);
    for token in [0, 1 << 53] {
        assert!(matches!(client.advance_fence(&name, token).await, Err(Error::Validation { .. })));
    }
}

#[tokio::test]
async fn a_waiter_sees_its_place_in_line() {
    const LEASE_ID: &str = "7a1c0f6e-2f0b-4c39-8a54-6a4f3a3f9d02";
    let (client, name) = (client(), new_name());
    let theirs = held_by_other(&name).await;
    let (in_task, of) = (client.clone(), name.clone());
    let waiting =
        tokio::spawn(async move { in_task.hold(&of, long().lease_id(LEASE_ID).wait(Duration::MAX)).await });
    until_waiters(&client, &name, 1).await;
    let queue = client.queue(&name).await.unwrap();
    assert_eq!((queue.waiters, queue.places.len()), (1, 1));
    let place = &queue.places[0];
    assert_eq!((place.position, place.asking, place.lease_id.as_deref()), (1, true, Some(LEASE_ID)));
    waiting.abort();
    let left = client.leave_queue(&name, LEASE_ID).await;
    assert!(matches!(left, Ok(()) | Err(Error::NotFound { .. })), "{left:?}");
    theirs.close().await;
}

#[tokio::test]
async fn a_lease_can_have_a_proof() {
    let (client, name) = (client(), new_name());
    let lock = client.hold(&name, brief().proof()).await.unwrap();
    let first = lock.proof().unwrap();
    assert_eq!(first.matches('.').count(), 2);
    in_time(async {
        while lock.proof().as_ref() == Some(&first) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    lock.close().await;
    assert_eq!(client.hold(&name, brief()).await.unwrap().proof(), None);
}

#[tokio::test]
async fn an_observer_is_told_of_everything() {
    use HandleEventKind::{Acquired, Lost, Released};

    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let client = client().with_observer(move |event| told.lock().unwrap().push(event.clone()));
    let (first, second) = (new_name(), new_name());
    client.hold(&first, long()).await.unwrap().close().await;
    let lock = client.hold(&second, brief()).await.unwrap();
    client.release_lock(&second, lock.lease_id()).await.unwrap();
    in_time(lock.lost()).await;
    in_time(async {
        while seen.lock().unwrap().len() < 4 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    lock.close().await;
    drop(client.open_session(SessionOptions::new()).await.unwrap());
    let events = seen.lock().unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [Acquired, Released, Acquired, Lost, Acquired, Released]);
    assert_eq!(events[0].lock.as_ref(), Some(&first));
    assert!(events[0].fencing_token.is_some() && events[3].why.is_some() && events[5].session.is_some());
}

#[tokio::test]
async fn a_renewal_that_fails_is_told() {
    let url = scripted(|path, _| match path {
        "/locks/a/acquire" => (200, LEASE),
        "/locks/a/renew" => (503, "{}"),
        _ => (200, r#"{"status": "released"}"#),
    })
    .await;
    let (tell, mut told) = mpsc::unbounded_channel();
    let client = Client::new(&url, "token").unwrap().with_observer(move |event| {
        let _ = tell.send((event.kind, event.why.clone()));
    });
    let lock = client.hold("a", HoldOptions::new().ttl_seconds(1)).await.unwrap();
    assert_eq!(in_time(told.recv()).await.unwrap().0, HandleEventKind::Acquired);
    let (kind, why) = in_time(told.recv()).await.unwrap();
    assert!(kind == HandleEventKind::RenewalFailed && why.is_some());
    lock.close().await;
}

#[tokio::test]
async fn a_token_can_come_from_a_function() {
    let url = scripted(|_, authorization| match authorization {
        "Bearer t1" | "Bearer t3" => (200, r#"{"locks": [], "next_cursor": null}"#),
        _ => (401, "{}"),
    })
    .await;
    let asked = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&asked);
    let source = move || {
        let number = counted.fetch_add(1, Ordering::Relaxed);
        async move { if number > 5 { Err("the vault is closed".into()) } else { Ok(format!("t{number}")) } }
    };
    let client = Client::new_without_auth(&url).unwrap().with_token_source(source);
    // The first is refused, the second is not.
    client.list_locks().await.unwrap();
    client.list_locks().await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 2);

    let refusing = scripted(|_, _| (401, "{}")).await;
    let counted = Arc::clone(&asked);
    let client = Client::new_without_auth(&refusing).unwrap().with_token_source(move || {
        let number = counted.fetch_add(1, Ordering::Relaxed);
        async move { Ok(format!("u{number}")) }
    });
    let refused = client.list_locks().await;
    assert!(matches!(refused, Err(Error::Authentication { .. })), "{refused:?}");
    assert_eq!(asked.load(Ordering::Relaxed), 4);

    let client = Client::new_without_auth(&refusing)
        .unwrap()
        .with_token_source(|| async { Err("the vault is closed".into()) });
    let error = client.list_locks().await.unwrap_err();
    assert_eq!(error.to_string(), "The function that gives the token has failed.");
    let Error::Authentication { message } = error else { panic!("{error:?}") };
    assert_eq!(message.cause().unwrap().to_string(), "the vault is closed");
}

#[tokio::test]
async fn the_token_of_a_function_is_not_rotated_and_not_asked_for_without_need() {
    let url = scripted(|_, _| (200, "OK")).await;
    let source = || async { Err("it was asked".into()) };
    let mut client = Client::new_without_auth(&url).unwrap().with_token_source(source);
    assert_eq!(in_time(client.health()).await.unwrap(), "OK");
    assert!(matches!(client.rotate_token().await, Err(Error::Validation { .. })));
}

#[tokio::test]
async fn the_http_client_can_be_replaced() {
    let url = scripted(|_, _| (200, "OK")).await;
    // Only this one knows the address of the host.
    let address: std::net::SocketAddr = url.trim_start_matches("http://").parse().unwrap();
    let http = reqwest::Client::builder().resolve("octostore.invalid", address).build().unwrap();
    let url = format!("http://octostore.invalid:{}", address.port());
    let client = Client::new_without_auth(&url).unwrap().with_http_client(http);
    assert_eq!(in_time(client.health()).await.unwrap(), "OK");
}
