//! What clients are made of, and what they never show.

use std::time::Duration;

use octostore::{Client, Error, RULES};

use crate::support::client;

const TOKEN: &str = "token-that-nobody-may-see";

fn is_validation<T>(result: Result<T, Error>) -> bool {
    let error = result.err().expect("it must be refused");
    assert!(!format!("{error} {error:?}").contains(TOKEN));
    matches!(error, Error::Validation { .. })
}

#[test]
fn the_token_is_not_shown() {
    let client = Client::new("http://localhost:3000/api/", TOKEN).unwrap();
    let text = format!("{client:?}");
    assert!(text.contains("http://localhost:3000/api"), "{text}");
    assert!(!text.contains(TOKEN), "{text}");
}

#[test]
fn what_cannot_be_a_base_url_or_a_token_is_refused_without_being_quoted() {
    for base_url in [
        "localhost:3000",
        "ftp://localhost",
        "",
        &format!("http://me:{TOKEN}@localhost"),
        &format!("http://{TOKEN}@localhost"),
    ] {
        assert!(is_validation(Client::new_without_auth(base_url)), "{base_url}");
    }
    for token in ["", " ", &format!("{TOKEN} "), &format!("{TOKEN}\n"), &format!("ä{TOKEN}")] {
        assert!(is_validation(Client::new(RULES.default_base_url, token)), "{token:?}");
    }
}

#[test]
fn a_timeout_is_longer_than_nothing() {
    let client = Client::new_without_auth(RULES.default_base_url).unwrap();
    assert!(is_validation(client.with_timeout(Duration::ZERO)));
}

#[test]
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn https_is_spoken() {
    Client::new("https://localhost", TOKEN).unwrap();
}

#[test]
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn https_is_refused_without_a_feature_for_it() {
    assert!(is_validation(Client::new("https://localhost", TOKEN)));
}

#[test]
fn errors_suit_other_errors() {
    fn suits<T: std::error::Error + Send + Sync + 'static>() {}
    suits::<Error>();
    suits::<octostore::SignatureError>();
}

#[tokio::test]
async fn a_broken_connection_has_a_reason() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = Client::new_without_auth(&url).unwrap().health().await.unwrap_err();
    assert!(matches!(&error, Error::Network { source } if !source.was_sent()), "{error:?}");
    assert!(error.to_string().contains("refused") && error.to_string().contains(&url), "{error}");
}

#[tokio::test]
async fn a_client_without_a_token_can_ask_for_what_is_public() {
    let url = std::env::var("OCTOSTORE_BASE_URL").unwrap();
    let client = Client::new_without_auth(&url).unwrap();
    assert_eq!(client.health().await.unwrap(), "OK");
    let refused = client.list_locks().await.unwrap_err();
    assert!(matches!(refused, Error::Authentication { .. }), "{refused:?}");
    assert!(refused.status().is_none() && refused.to_string().contains("OCTOSTORE_TOKEN"), "{refused}");
    let refused = client.clone().rotate_token().await.unwrap_err();
    assert!(matches!(refused, Error::Authentication { .. }) && refused.status().is_none(), "{refused:?}");
}

#[test]
fn base_urls_come_in_one_text_or_in_several() {
    let client =
        Client::for_servers(&[" http://a/, http://b ,", "http://a", "http://c"], Some(TOKEN)).unwrap();
    let text = format!("{client:?}");
    assert!(text.contains("\"http://a/, http://b/, http://c/\""), "{text}");
    for base_urls in
        [&[" , "][..], &[], &["http://a,nonsense"], &["http://a", &format!("http://me:{TOKEN}@b")]]
    {
        assert!(is_validation(Client::for_servers(base_urls, Some(TOKEN))), "{base_urls:?}");
    }
}

#[test]
fn a_wait_slice_has_limits() {
    for seconds in [0, 61] {
        let client = Client::new_without_auth(RULES.default_base_url).unwrap();
        assert!(is_validation(client.with_wait_slice_seconds(seconds)));
    }
}

#[tokio::test]
async fn a_prefix_of_the_base_url_is_kept() {
    let url = std::env::var("OCTOSTORE_BASE_URL").unwrap();
    let refused = Client::new_without_auth(&format!("{url}/nowhere/")).unwrap().health().await;
    assert_eq!(refused.unwrap_err().code(), Some("route_not_found"));
    assert_eq!(client().health().await.unwrap(), "OK");
}
