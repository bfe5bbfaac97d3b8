use std::sync::atomic::{AtomicBool, Ordering};

/// A shared boolean that can change.
#[derive(Debug)]
pub(crate) struct Flag(AtomicBool);

impl Flag {
    pub fn new(is_set: bool) -> Self {
        Self(AtomicBool::new(is_set))
    }

    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    pub fn set(&self, is_set: bool) {
        self.0.store(is_set, Ordering::Release);
    }
}
