#![doc = include_str!("../README.md")]

mod acquire;
mod acquire_options;
mod answer;
mod bearer;
mod calls;
mod checks;
mod cleanup;
mod client;
mod delay;
mod election;
mod error;
mod event_stream;
mod flag;
mod follower;
mod hold_options;
mod keeping;
mod kept;
mod leadership;
mod lock;
mod lock_types;
mod locks;
mod message;
mod remote;
mod rules;
mod session;
mod sessions;
mod status;
mod transport;
mod verify_webhook;
mod watch;
mod watch_types;
mod webhook_types;
mod webhooks;

pub use acquire_options::AcquireOptions;
pub use client::Client;
pub use election::{ElectOptions, Election};
pub use error::{Error, LockHeldError, NetworkError, Result};
pub use hold_options::HoldOptions;
pub use keeping::Loss;
pub use leadership::Leadership;
pub use lock::Lock;
pub use lock_types::{AcquireResult, LockInfo, LockStatus, RenewResult, UserLock};
pub use locks::ListOptions;
pub use message::Message;
pub use rules::{RULES, Rules};
pub use session::{Session, SessionOptions};
pub use sessions::{CreatedSession, KeptSession, SessionStatus};
pub use status::{StatusCounters, TokenInfo};
pub use verify_webhook::{SignatureError, verify_webhook, verify_webhook_at};
pub use watch::Watch;
pub use watch_types::{LockEvent, LockEventKind, PrefixState, WatchUpdate};
pub use webhook_types::{
    Deliveries, DeliveriesOptions, Delivery, DeliveryAttempt, DeliveryState, NewWebhook, Webhook,
};
