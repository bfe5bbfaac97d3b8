//! How elections end.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use octostore::{ElectOptions, Election, Error, LockStatus, SessionOptions};
use tokio::sync::mpsc;

use crate::support::{client, held_by_other, in_time, new_name, until_free, until_waiters};

#[tokio::test]
async fn an_error_of_the_leader_ends_the_election() {
    #[derive(Debug)]
    struct Mine(u64);
    impl From<Error> for Mine {
        fn from(error: Error) -> Self {
            panic!("{error}")
        }
    }

    let (client, name) = (client(), new_name());
    let election = client
        .elect(&name, ElectOptions::new(), |leadership| async move { Err(Mine(leadership.fencing_token())) });
    let Mine(fencing_token) = in_time(election).await.unwrap_err();
    let info = client.get_lock_status(&name).await.unwrap();
    assert_eq!(info.status, LockStatus::Free);
    assert!(fencing_token > 0 && fencing_token <= info.fencing_token);
}

/// Keeps what is logged.
struct Log(Mutex<String>);

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.0.lock().unwrap().push_str(&record.args().to_string());
    }

    fn flush(&self) {}
}

static LOG: Log = Log(Mutex::new(String::new()));

#[tokio::test]
async fn an_error_that_no_one_asks_for_is_logged() {
    log::set_logger(&LOG).unwrap();
    log::set_max_level(log::LevelFilter::Error);
    let logged = |name: &str| LOG.0.lock().unwrap().contains(name);

    let (asked, unasked) = (new_name(), new_name());
    let election: Election = client().elect(&asked, ElectOptions::new().ttl_seconds(0), |_| async { Ok(()) });
    assert!(format!("{election:?}").contains(&asked) && election.name() == asked);
    assert!(matches!(in_time(election).await, Err(Error::Validation { .. })));

    let election: Election =
        client().elect(&unasked, ElectOptions::new().ttl_seconds(0), |_| async { Ok(()) });
    in_time(async {
        while !election.has_ended() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    drop(election);
    assert!(logged(&unasked) && !logged(&asked));
}

#[tokio::test]
async fn who_leads_once_leads_once() {
    let led = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&led);
    let election: Election = client().elect(&new_name(), ElectOptions::new().once(), move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        async { Ok(()) }
    });
    in_time(election).await.unwrap();
    assert_eq!(led.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn who_returns_campaigns_anew() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let election: Election = client().elect(&new_name(), ElectOptions::new(), move |leadership| {
        let sent = tell.send(leadership.fencing_token());
        async move { sent.map_err(|_| unreachable!()) }
    });
    let (first, second) = (in_time(told.recv()).await, in_time(told.recv()).await);
    assert!(first < second);
    election.stop().await.unwrap();
}

#[tokio::test]
async fn a_leader_is_told_to_stop_and_waited_for() {
    let (client, name) = (client(), new_name());
    let (tell, mut told) = mpsc::unbounded_channel();
    let election: Election = client.elect(&name, ElectOptions::new(), move |leadership| {
        let tell = tell.clone();
        async move {
            tell.send("leads").unwrap();
            leadership.over().await;
            assert!(leadership.is_over() && !leadership.lock().is_lost());
            tell.send("stops").unwrap();
            Ok(())
        }
    });
    assert_eq!(in_time(told.recv()).await, Some("leads"));
    in_time(election.stop()).await.unwrap();
    assert_eq!(told.try_recv(), Ok("stops"));
    let info = client.get_lock_status(&name).await.unwrap();
    assert_eq!(info.status, LockStatus::Free);
}

#[tokio::test]
async fn an_election_that_is_dropped_is_stopped() {
    let (client, name) = (client(), new_name());
    let (tell, mut told) = mpsc::unbounded_channel();
    let election: Election = client.elect(&name, ElectOptions::new(), move |leadership| {
        let tell = tell.clone();
        async move {
            tell.send(()).unwrap();
            leadership.over().await;
            assert!(leadership.is_over());
            Ok(())
        }
    });
    in_time(told.recv()).await;
    drop(election);
    until_free(&client, &name).await;
    assert_eq!(in_time(told.recv()).await, None);
}

#[tokio::test]
async fn a_leader_that_panics_has_released_its_lock() {
    let (client, name) = (client(), new_name());
    let election: Election = client.elect(&name, ElectOptions::new(), |_| async { panic!("on purpose") });
    let joined = tokio::spawn(in_time(election)).await;
    assert!(joined.unwrap_err().is_panic());
    until_free(&client, &name).await;
}

#[tokio::test]
async fn a_candidate_can_be_stopped_while_it_waits() {
    let (client, name) = (client(), new_name());
    let theirs = held_by_other(&name).await;
    let election: Election = client.elect(&name, ElectOptions::new(), |_| async { unreachable!() });
    until_waiters(&client, &name, 1).await;
    in_time(election.stop()).await.unwrap();
    until_waiters(&client, &name, 0).await;
    theirs.close().await;
}

#[tokio::test]
async fn a_leader_is_stopped_with_its_session() {
    let client = client();
    let session = client.open_session(SessionOptions::new()).await.unwrap();
    let options = ElectOptions::new().session(&session).once();
    let (tell, mut told) = mpsc::unbounded_channel();
    let election: Election = client.elect(&new_name(), options, move |leadership| {
        tell.send(()).unwrap();
        async move {
            leadership.over().await;
            assert!(leadership.lock().is_lost());
            Ok(())
        }
    });
    in_time(told.recv()).await;
    session.end().await.unwrap();
    in_time(election).await.unwrap();
}
