//! What the conformance suite cannot see from outside. A server is needed, in the environment as the README says.

mod blocks;
mod cancellation;
mod clients;
mod elections;
mod leases;
mod names;
mod rotations;
mod rules;
mod scripted;
mod sessions;
#[cfg(unix)]
mod signals;
mod support;
mod watches;
mod webhooks;
