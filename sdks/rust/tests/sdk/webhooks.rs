//! Signatures of webhooks, with the headers of several HTTP servers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use octostore::{NewWebhook, SignatureError, verify_webhook, verify_webhook_at};

const SECRET: &str = "a-secret";
const BODY: &[u8] = "{\"event\":\"acquired\",\"lock\":\"ä/b\"}".as_bytes();
const HEADERS: [(&str, &str); 3] = [
    ("Webhook-Id", "msg-1"),
    ("webhook-timestamp", "1700000000"),
    ("webhook-signature", "v1,vG/ifyxIfIv/97d0aQwilDkYyc3k/CLKaBDDCH/ejik="),
];

fn sent_at() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

#[test]
fn headers_may_be_of_any_kind() {
    let map: HeaderMap = HEADERS
        .into_iter()
        .map(|(name, value)| (name.to_lowercase().parse().unwrap(), value.parse().unwrap()))
        .collect::<Vec<(http::HeaderName, http::HeaderValue)>>()
        .into_iter()
        .collect();
    assert_eq!(verify_webhook_at(SECRET, HEADERS, BODY, sent_at()), Ok(()));
    assert_eq!(verify_webhook_at(SECRET, &map, BODY, sent_at()), Ok(()));
}

#[test]
fn what_is_wrong_is_told() {
    let verify = |secret, body| verify_webhook_at(secret, HEADERS, body, sent_at());
    assert_eq!(verify(SECRET, b"{}"), Err(SignatureError::Mismatch));
    assert_eq!(verify("", BODY), Err(SignatureError::NoKey));
    assert_eq!(verify("whsec_?", BODY), Err(SignatureError::NoKey));
    assert_eq!(verify_webhook(SECRET, HEADERS, BODY), Err(SignatureError::Timestamp));
}

#[test]
fn the_secret_is_not_shown() {
    let webhook = NewWebhook::new("https://hooks.invalid/").secret(SECRET);
    assert!(!format!("{webhook:?}").contains(SECRET));
}
