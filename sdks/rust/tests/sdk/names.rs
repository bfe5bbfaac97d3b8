//! The check of names agrees with the pattern that all SDKs share.

use octostore::{Client, RULES};
use regex_lite::Regex;

#[test]
fn names_are_taken_as_the_pattern_has_it() {
    let pattern = Regex::new(RULES.lock_name_pattern).unwrap();
    let client = Client::new_without_auth(RULES.default_base_url).unwrap();
    let pieces = ["a", "Z9", ".", "..", "-_.", "/", "//", " ", "\n", "ä", "%", "?", ""];
    for first in pieces {
        for second in pieces {
            for third in pieces {
                let name = [first, second, third].concat();
                // What no pattern says.
                let has_dots = name.split('/').any(|component| matches!(component, "." | ".."));
                let is_valid = pattern.is_match(&name) && !has_dots;
                assert_eq!(client.watch(&name).is_ok(), is_valid, "{name:?}");
            }
        }
    }
}

#[test]
fn names_have_bounds() {
    let client = Client::new_without_auth(RULES.default_base_url).unwrap();
    let component = "a".repeat(RULES.lock_name_component_length_max);
    assert!(client.watch(&component).is_ok());
    assert!(client.watch(&format!("{component}a")).is_err());

    let longest = format!("{component}/{component}/{component}/{}", "a".repeat(61));
    assert_eq!(longest.len(), RULES.lock_name_length_max);
    assert!(client.watch(&longest).is_ok());
    assert!(client.watch(&format!("{longest}a")).is_err());
}
