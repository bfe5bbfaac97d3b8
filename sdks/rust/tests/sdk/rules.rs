//! The numbers of this SDK are those of all.

use octostore::RULES;
use serde_json::Value;

#[test]
fn the_numbers_are_those_of_all_sdks() {
    let shared = include_str!("../../../conformance/rules.json");
    let shared: Value = serde_json::from_str(shared).unwrap();
    assert_eq!(serde_json::to_value(RULES).unwrap(), shared);
}
