use std::future::Future;
use std::pin::Pin;
use std::sync::{PoisonError, RwLock};

use reqwest::header::HeaderValue;
use tokio::sync::Mutex;

use crate::checks;
use crate::error::{Error, Result};
use crate::message::Facts;

/// The error of a call that needs a token, if there is none.
fn no_token() -> Error {
    let message =
        "This call needs a token, and the client has none. Pass one to the client, or set OCTOSTORE_TOKEN.";
    Error::Authentication { message: message.into() }
}

/// The error of a call whose token could not be had. It does not quote the error of the function, because that could contain anything.
fn failed(cause: Box<dyn std::error::Error + Send + Sync>) -> Error {
    let text = "The function that gives the token has failed.".to_owned();
    Error::Authentication { message: Facts { text, cause: Some(cause.into()), ..Facts::default() }.into() }
}

/// Returns a token, and can be asked again.
pub(crate) type TokenSource = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Asked> + Send>> + Send + Sync>;

type Asked = std::result::Result<String, Box<dyn std::error::Error + Send + Sync>>;

/// The token of a client and its clones, as a header value. It can be replaced while requests are under way. The old
/// token stops working immediately, so some of these requests may get a 401 although the client has a valid token by
/// then.
pub(crate) struct Bearer {
    authorization: RwLock<Option<HeaderValue>>,
    /// Locked while a rotation is under way.
    turn: Mutex<()>,
    source: Option<TokenSource>,
}

impl Bearer {
    pub fn new(authorization: Option<HeaderValue>) -> Self {
        Self { authorization: RwLock::new(authorization), turn: Mutex::new(()), source: None }
    }

    /// One that has no token, and asks for it.
    pub fn asking(source: TokenSource) -> Self {
        Self { source: Some(source), ..Self::new(None) }
    }

    /// Replaces the token with the one that `ask` returns, and passes on the other value that it returns. Rotations run
    /// one at a time.
    pub async fn rotate<T, F>(&self, ask: impl FnOnce(Option<HeaderValue>) -> F) -> Result<T>
    where
        F: Future<Output = Result<(HeaderValue, T)>>,
    {
        if self.source.is_some() {
            return Err(Error::validation(
                "This client cannot rotate its token, because a function gives it. Rotate the token where the function gets it.",
            ));
        }
        self.current().await?;
        let _turn = self.turn.lock().await;
        let (authorization, value) = ask(self.present()).await?;
        self.replace(authorization);
        Ok(value)
    }

    /// Makes an attempt with the current token. On a 401, if the token has been replaced meanwhile, makes it again with
    /// the new one. An attempt that got a 401 has had no effect. Waits for a rotation that is under way. If the token is refused, asks
    /// the source for another one, once.
    ///
    /// # Errors
    ///
    /// [`Error::Authentication`] if there is no token, unless what is asked for is public.
    pub async fn send<T, F>(&self, is_public: bool, attempt: impl Fn(Option<HeaderValue>) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut authorization = if is_public { self.present() } else { Some(self.current().await?) };
        let mut may_ask = self.source.is_some() && !is_public;
        loop {
            let result = attempt(authorization.clone()).await;
            if !matches!(result, Err(Error::Authentication { .. })) {
                return result;
            }
            if authorization == self.present() {
                drop(self.turn.lock().await);
            }
            if authorization == self.present() && std::mem::take(&mut may_ask) {
                self.ask(authorization.as_ref()).await?;
            }
            if authorization == self.present() {
                return result;
            }
            authorization = self.present();
        }
    }

    async fn current(&self) -> Result<HeaderValue> {
        match self.present() {
            Some(authorization) => Ok(authorization),
            None => self.ask(None).await,
        }
    }

    /// Asks the source for a token, unless the old one has been replaced meanwhile.
    async fn ask(&self, old: Option<&HeaderValue>) -> Result<HeaderValue> {
        let source = self.source.as_ref().ok_or_else(no_token)?;
        let _turn = self.turn.lock().await;
        match self.present() {
            Some(authorization) if Some(&authorization) != old => return Ok(authorization),
            _ => {}
        }
        let token = source().await.map_err(failed)?;
        let authorization = checks::authorization(&token)?;
        self.replace(authorization.clone());
        Ok(authorization)
    }

    fn replace(&self, authorization: HeaderValue) {
        *self.authorization.write().unwrap_or_else(PoisonError::into_inner) = Some(authorization);
    }

    fn present(&self) -> Option<HeaderValue> {
        self.authorization.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::{Bearer, Error, Result};

    #[tokio::test]
    async fn a_rotation_that_is_dropped_is_no_longer_under_way() {
        let bearer = Bearer::new(Some("old".parse().unwrap()));
        tokio::select! {
            biased;
            _ = bearer.rotate(|_| pending::<Result<(_, ())>>()) => unreachable!(),
            () = tokio::task::yield_now() => {}
        }
        let refuse = |_| async { Err::<(), _>(Error::Authentication { message: "refused".into() }) };
        assert!(matches!(bearer.send(true, refuse).await, Err(Error::Authentication { .. })));
    }
}
