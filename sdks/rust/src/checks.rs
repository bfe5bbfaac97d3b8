use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::error::{Error, Result};
use crate::rules::RULES;

/// This is not among the numbers that all SDKs share yet.
const LOCK_DELAY_SECONDS_MAX: u32 = 60;

/// Checks that the server accepts this lock name.
pub(crate) fn name(name: &str) -> Result<()> {
    if name.len() > RULES.lock_name_length_max {
        return Err(Error::validation(format!(
            "A lock name must have at most {} characters.",
            RULES.lock_name_length_max
        )));
    }
    name.split('/').try_for_each(component)
}

fn component(component: &str) -> Result<()> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if component.is_empty() || !component.bytes().all(is_allowed) {
        return Err(Error::validation(
            "A lock name consists of components of letters, digits, '.', '_' and '-', separated by single slashes.",
        ));
    }
    if component.len() > RULES.lock_name_component_length_max {
        return Err(Error::validation(format!(
            "Each component of a lock name must have at most {} characters.",
            RULES.lock_name_component_length_max
        )));
    }
    if matches!(component, "." | "..") {
        return Err(Error::validation("A component of a lock name must not be '.' or '..'."));
    }
    Ok(())
}

/// Checks that this is a valid TTL for a lease, in seconds.
pub(crate) fn ttl(seconds: u32) -> Result<()> {
    within("TTL", seconds, RULES.ttl_seconds_min, RULES.ttl_seconds_max)
}

/// Checks that this is a valid TTL for a session, in seconds.
pub(crate) fn session_ttl(seconds: u32) -> Result<()> {
    within("TTL", seconds, RULES.session_ttl_seconds_min, RULES.session_ttl_seconds_max)
}

/// Checks that this is a valid slice of a wait, in seconds.
pub(crate) fn wait_slice(seconds: u32) -> Result<()> {
    let max = u32::try_from(RULES.wait_seconds_per_request_max).unwrap_or(u32::MAX);
    within("wait slice", seconds, 1, max)
}

fn within(what: &str, seconds: u32, min: u32, max: u32) -> Result<()> {
    if (min..=max).contains(&seconds) {
        return Ok(());
    }
    Err(Error::validation(format!("The {what} must be from {min} to {max} seconds.")))
}

/// Checks for how long no one else gets a lock after its lease, in seconds.
pub(crate) fn cooling(lock_delay: Option<u32>, min_hold: Option<u32>, ttl: u32) -> Result<()> {
    within("lock delay", lock_delay.unwrap_or_default(), 0, LOCK_DELAY_SECONDS_MAX)?;
    within("minimum hold", min_hold.unwrap_or_default(), 0, ttl)
}

/// Checks that this can be a fencing token: a number that every language can read from JSON.
pub(crate) fn fencing_token(token: u64) -> Result<()> {
    if (1..1 << 53).contains(&token) {
        return Ok(());
    }
    Err(Error::validation("A fencing token must be from 1 to 9007199254740991."))
}

/// Checks that this is a valid timeout.
pub(crate) fn timeout(timeout: Duration) -> Result<()> {
    if timeout.is_zero() {
        return Err(Error::validation("The time-out must be longer than nothing."));
    }
    Ok(())
}

/// The base URLs in texts that can have several, separated by commas. Blanks, empty entries and repetitions are ignored.
pub(crate) fn base_urls(texts: &[&str]) -> Result<Vec<Url>> {
    let entries =
        texts.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|entry| !entry.is_empty());
    let mut urls = Vec::new();
    for entry in entries {
        let url = base_url(entry)?;
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    if urls.is_empty() {
        return Err(Error::validation("There must be at least one base URL."));
    }
    Ok(urls)
}

/// The base URL without a query or a trailing slash. The errors do not quote it, because a URL can contain credentials.
fn base_url(text: &str) -> Result<Url> {
    let mut url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| Error::validation("The base URL must be an http or https URL."))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::validation("The base URL must not hold credentials: give the token by itself."));
    }
    if url.scheme() == "https" && !cfg!(any(feature = "rustls", feature = "native-tls")) {
        return Err(Error::validation(
            "An https base URL needs the feature `rustls` or `native-tls` of the crate.",
        ));
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

/// The header for a token. The error does not quote it.
pub(crate) fn authorization(token: &str) -> Result<HeaderValue> {
    let is_visible = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    let mut header = HeaderValue::from_str(&format!("Bearer {token}"))
        .ok()
        .filter(|_| is_visible)
        .ok_or_else(|| Error::validation("The token must consist of visible ASCII characters."))?;
    header.set_sensitive(true);
    Ok(header)
}
