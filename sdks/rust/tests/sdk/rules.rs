//! The numbers of this SDK are those of all.

use octostore::RULES;
use serde_json::{Map, Value};

#[test]
fn the_numbers_are_those_of_all_sdks() {
    let shared = include_str!("../../../conformance/rules.json");
    let mut shared: Map<String, Value> = serde_json::from_str(shared).unwrap();
    let more = include_str!("../../../conformance/rules-real-programs.json");
    shared.extend(serde_json::from_str::<Map<String, Value>>(more).unwrap());
    assert_eq!(serde_json::to_value(RULES).unwrap(), Value::Object(shared));
}
