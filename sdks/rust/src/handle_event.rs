/// What has happened to a lock or session that a client holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HandleEventKind {
    /// It was acquired or opened.
    Acquired,
    /// It was renewed or kept alive.
    Renewed,
    /// An attempt to renew it failed. Others follow until it is lost.
    RenewalFailed,
    /// It is lost.
    Lost,
    /// It was released or ended, or is being released because it was dropped.
    Released,
}

/// Something that has happened to a lock or session that a client holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HandleEvent {
    /// What has happened.
    pub kind: HandleEventKind,
    /// Name of the lock. If the lease holds several: all names, separated by commas. None if it is about a session.
    pub lock: Option<String>,
    /// The names of all locks of the lease. Empty if it is about a session.
    pub locks: Vec<String>,
    /// Id of the session. None if it is about a lock.
    pub session: Option<String>,
    /// The fencing token of the lock. None if it is about a session.
    pub fencing_token: Option<u64>,
    /// Why a renewal or a release failed, or why it is lost.
    pub why: Option<String>,
}
