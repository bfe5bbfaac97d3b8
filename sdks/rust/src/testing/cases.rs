//! The double answers the cases for test doubles as the real server does.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::task::JoinHandle;

use super::{ADMIN_TOKEN, DoubleRequest, InMemoryOctoStore, PATIENCE, locked};

type Answer = (u16, Value);

struct Run {
    octostore: InMemoryOctoStore,
    saved: HashMap<String, Value>,
    started: HashMap<String, JoinHandle<Answer>>,
}

#[tokio::test]
async fn the_double_answers_as_the_server() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/test-double-cases.json");
    let all: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    for case in all["cases"].as_array().unwrap() {
        let mut run = Run::new();
        for (at, step) in case["steps"].as_array().unwrap().iter().enumerate() {
            run.step(step, &format!("{}, step {at}", case["name"])).await;
        }
    }
}

impl Run {
    fn new() -> Self {
        let octostore = InMemoryOctoStore::new();
        let mut saved = HashMap::from([("lock".to_owned(), json!("case"))]);
        for login in ["ada", "bob"] {
            locked(&octostore.0.logins).insert(login.to_owned(), login.to_owned());
            saved.insert(login.to_owned(), json!(login));
        }
        for number in 1..=4 {
            saved.insert(format!("id{number}"), json!(uuid::Uuid::new_v4().to_string()));
        }
        Self { octostore, saved, started: HashMap::new() }
    }

    async fn step(&mut self, step: &Value, what: &str) {
        if let Some(seconds) = step["pass_seconds"].as_u64() {
            self.octostore.advance(Duration::from_secs(seconds)).await;
        } else if let Some(name) = step["start"].as_str() {
            let asking = self.ask(step);
            self.started.insert(name.to_owned(), tokio::spawn(asking));
        } else if let Some(name) = step["finish"].as_str() {
            let answer = tokio::time::timeout(PATIENCE, self.started.remove(name).unwrap()).await;
            self.check(&answer.unwrap().unwrap(), step, what);
        } else {
            let answer = self.ask_until(step).await;
            self.check(&answer, step, what);
        }
    }

    async fn ask_until(&self, step: &Value) -> Answer {
        let ask = async {
            loop {
                let answer = self.ask(step).await;
                if step["until"].is_null() || self.difference(&step["answer"], &answer.1, "").is_none() {
                    return answer;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, ask).await.expect("it has become so")
    }

    fn ask(&self, step: &Value) -> impl Future<Output = Answer> + Send + 'static {
        let asked = self.filled(&step["ask"]);
        let (method, url) = asked.as_str().unwrap().split_once(' ').unwrap();
        let (method, url) = (method.to_owned(), format!("http://double{url}"));
        let body = step.get("body").map(|body| self.filled(body).to_string().into_bytes());
        let token = match step["as"].as_str() {
            Some("admin") => ADMIN_TOKEN.to_owned(),
            user => user.unwrap_or_default().to_owned(),
        };
        let octostore = self.octostore.clone();
        async move {
            let url = reqwest::Url::parse(&url).unwrap();
            let path: Vec<String> =
                url.path_segments().unwrap().map(|part| part.replace("%2F", "/")).collect();
            let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            let request = DoubleRequest {
                method: &method,
                path: path.iter().map(String::as_str).collect(),
                query: &query,
                token: &token,
                body: body.as_deref(),
            };
            let (status, text) = octostore.answer(request).await;
            (status, serde_json::from_slice(&text).unwrap_or_default())
        }
    }

    fn check(&mut self, (status, body): &Answer, step: &Value, what: &str) {
        assert_eq!(u64::from(*status), step["status"].as_u64().unwrap(), "{what}: {body}");
        if let Some(expected) = step.get("answer") {
            assert_eq!(self.difference(expected, body, "the answer"), None, "{what}");
        }
        for (name, field) in step["save"].as_object().unwrap_or(&Map::new()) {
            self.saved.insert(name.clone(), body[field.as_str().unwrap()].clone());
        }
    }

    /// The value with the variables in it replaced. A text that is only a variable becomes its value.
    fn filled(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.filled_text(text),
            Value::Array(entries) => entries.iter().map(|entry| self.filled(entry)).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, member)| (name.clone(), self.filled(member))).collect()
            }
            other => other.clone(),
        }
    }

    fn filled_text(&self, text: &str) -> Value {
        let mut filled = text.to_owned();
        for (name, value) in &self.saved {
            let variable = format!("{{{name}}}");
            if text == variable {
                return value.clone();
            }
            if filled.contains(&variable) {
                filled = filled.replace(&variable, value.as_str().unwrap());
            }
        }
        json!(filled)
    }

    fn difference(&self, expected: &Value, actual: &Value, path: &str) -> Option<String> {
        let differs = || Some(format!("{path} is {actual}, not {expected}"));
        match self.filled(expected) {
            Value::Object(bounds) if bounds.keys().any(|name| name.starts_with('$')) => {
                let is_within = |(name, bound): (&String, &Value)| {
                    let (actual, bound) = (actual.as_f64()?, bound.as_f64()?);
                    Some(match name.as_str() {
                        "$gt" => actual > bound,
                        "$gte" => actual >= bound,
                        "$lt" => actual < bound,
                        _ => actual <= bound,
                    })
                };
                if bounds.iter().all(|bound| is_within(bound) == Some(true)) { None } else { differs() }
            }
            Value::Object(members) => members
                .iter()
                .find_map(|(name, member)| self.difference(member, &actual[name], &format!("{path}.{name}"))),
            Value::Array(entries) => {
                let others = actual.as_array().filter(|others| others.len() == entries.len());
                let Some(others) = others else { return differs() };
                let mut pairs = entries.iter().zip(others);
                pairs.find_map(|(entry, other)| self.difference(entry, other, path))
            }
            Value::String(text) if text == "$any" && !actual.is_null() => None,
            other if other == *actual => None,
            _ => differs(),
        }
    }
}
