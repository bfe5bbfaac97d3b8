use std::time::Duration;

use serde_json::Value;

use super::law::invalid;
use super::state::{Mode, Refusal, Want, Wish};
use crate::checks;

const LAST_NUMBER: u64 = (1 << 53) - 1;

/// The fields of a request. Reading one that is not valid is refused as the server does.
pub(super) struct Body(Value);

impl Body {
    pub fn parse(text: Option<&[u8]>) -> Self {
        Self(text.and_then(|text| serde_json::from_slice(text).ok()).unwrap_or_default())
    }

    fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn optional(&self, name: &str, min: u64, max: u64) -> Result<Option<u64>, Refusal> {
        let Some(value) = self.field(name) else { return Ok(None) };
        match value.as_u64() {
            Some(number) if (min..=max).contains(&number) => Ok(Some(number)),
            _ => Err(invalid(&format!("{name} must be an integer from {min} to {max}"))),
        }
    }

    fn integer(&self, name: &str, min: u64, max: u64) -> Result<u64, Refusal> {
        self.optional(name, min, max)?.ok_or_else(|| invalid(&format!("{name} is missing")))
    }

    fn seconds(&self, name: &str, min: u64, max: u64, default: u64) -> Result<Duration, Refusal> {
        Ok(Duration::from_secs(self.optional(name, min, max)?.unwrap_or(default)))
    }

    pub fn ttl(&self) -> Result<Duration, Refusal> {
        Ok(Duration::from_secs(self.integer("ttl_seconds", 1, 3600)?))
    }

    pub fn session_ttl(&self) -> Result<Duration, Refusal> {
        self.seconds("ttl_seconds", 10, 300, 60)
    }

    pub fn wait(&self) -> Result<Duration, Refusal> {
        self.seconds("wait_seconds", 0, 60, 0)
    }

    pub fn fencing_token(&self) -> Result<u64, Refusal> {
        self.integer("fencing_token", 1, LAST_NUMBER)
    }

    pub fn optional_fencing_token(&self) -> Result<Option<u64>, Refusal> {
        self.optional("fencing_token", 1, LAST_NUMBER)
    }

    pub fn text(&self, name: &str, bytes_max: usize) -> Result<Option<String>, Refusal> {
        let Some(value) = self.field(name) else { return Ok(None) };
        match value.as_str() {
            Some(text) if text.len() <= bytes_max => Ok(Some(text.to_owned())),
            _ => Err(invalid(&format!("{name} must be a text of at most {bytes_max} bytes"))),
        }
    }

    fn id(&self, name: &str) -> Result<Option<String>, Refusal> {
        let Some(value) = self.field(name) else { return Ok(None) };
        let id = value.as_str().and_then(|text| uuid::Uuid::try_parse(text).ok());
        id.map(|id| Some(id.to_string())).ok_or_else(|| invalid(&format!("{name} must be a UUID")))
    }

    pub fn lease_id(&self) -> Result<String, Refusal> {
        self.id("lease_id")?.ok_or_else(|| invalid("lease_id must be a UUID"))
    }

    pub fn wants_proof(&self) -> bool {
        self.field("proof") == Some(&Value::Bool(true))
    }

    pub fn mode(&self) -> Result<Mode, Refusal> {
        match self.field("mode").and_then(Value::as_str) {
            Some("exclusive") => Ok(Mode::Exclusive),
            Some("shared") => Ok(Mode::Shared),
            _ => Err(invalid("mode must be one of exclusive, shared")),
        }
    }

    /// How a lock is wanted.
    pub fn want(&self, name: &str) -> Result<Want, Refusal> {
        check_name(name)?;
        let mode = self.field("mode").map(|_| self.mode()).transpose()?;
        let (limit, permits) = (self.optional("limit", 1, 10_000)?, self.optional("permits", 1, 10_000)?);
        let want = |mode, permits| Ok(Want { name: name.to_owned(), mode, permits });
        match (limit, mode, permits) {
            (None, _, Some(_)) => Err(invalid("permits needs a limit. Add one, or leave permits out.")),
            (None, mode, None) => want(mode.unwrap_or(Mode::Exclusive), 0),
            (Some(_), Some(_), _) => Err(invalid("A lock with a limit is counted, so it has no mode.")),
            (Some(limit), None, permits) => {
                let permits = permits.unwrap_or(1);
                if permits > limit {
                    return Err(invalid(&format!("permits is {permits}, but limit is {limit}.")));
                }
                want(Mode::Counted { limit: size(limit) }, size(permits))
            }
        }
    }

    /// How several locks are wanted.
    pub fn wants(&self) -> Result<Vec<Want>, Refusal> {
        let locks = self.field("locks").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if !(1..=32).contains(&locks.len()) {
            return Err(invalid("locks must be a list of 1 to 32 locks"));
        }
        let want = |lock: &Value| Self(lock.clone()).want(lock["name"].as_str().unwrap_or_default());
        let wants = locks.iter().map(want).collect::<Result<Vec<_>, _>>()?;
        let is_repeated = |at: usize| wants[..at].iter().any(|want| want.name == wants[at].name);
        if (0..wants.len()).any(is_repeated) {
            return Err(invalid("locks has a lock twice. List each lock once."));
        }
        Ok(wants)
    }

    pub fn wish(&self, wants: Vec<Want>, user: &str) -> Result<Wish, Refusal> {
        let lease_id = self.id("lease_id")?;
        let wish = Wish {
            wants,
            user: user.to_owned(),
            session: self.id("session_id")?,
            is_id_chosen: lease_id.is_some(),
            lease_id: lease_id.unwrap_or_else(new_id),
            ttl: self.ttl()?,
            metadata: self.text("metadata", 1024)?,
            lock_delay: self.seconds("lock_delay_seconds", 0, 60, 0)?,
            min_hold: self.seconds("min_hold_seconds", 0, 3600, 0)?,
        };
        let has_other = wish.wants.iter().any(|want| want.mode != Mode::Exclusive);
        if has_other && !(wish.lock_delay + wish.min_hold).is_zero() {
            return Err(invalid("lock_delay_seconds and min_hold_seconds are for exclusive locks."));
        }
        if wish.min_hold > wish.ttl {
            return Err(invalid("min_hold_seconds must be at most ttl_seconds."));
        }
        Ok(wish)
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

pub(super) fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

pub(super) fn check_name(name: &str) -> Result<(), Refusal> {
    checks::name(name).map_err(|error| invalid(&error.to_string()))
}
