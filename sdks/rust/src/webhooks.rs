use reqwest::Method;

use crate::answer::json;
use crate::calls::Twice;
use crate::client::Client;
use crate::error::Result;
use crate::webhook_types::{Deliveries, DeliveriesOptions, Delivery, NewWebhook, Webhook};

/// Webhooks.
impl Client {
    /// Creates a webhook. Each user can have ten.
    ///
    /// # Errors
    ///
    /// [`Error::Validation`](crate::Error::Validation) if the server does not accept the URL. Not retried: after
    /// [`Error::Network`](crate::Error::Network) there may be a webhook.
    pub async fn create_webhook(&self, webhook: &NewWebhook) -> Result<Webhook> {
        let request = self.request(Method::POST, &["webhooks"]).json(webhook);
        Ok(self.call(request, json, Twice::Harmful).await?.value)
    }

    /// All your webhooks.
    ///
    /// # Errors
    ///
    /// [`Error::Authentication`](crate::Error::Authentication) without a valid token.
    pub async fn list_webhooks(&self) -> Result<Vec<Webhook>> {
        self.read(self.request(Method::GET, &["webhooks"])).await
    }

    /// Deletes a webhook and its pending deliveries.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if there is none.
    pub async fn delete_webhook(&self, webhook_id: &str) -> Result<()> {
        self.delete(&["webhooks", webhook_id]).await
    }

    /// The webhook's deliveries, newest event first.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if there is no such webhook.
    pub async fn deliveries(&self, webhook_id: &str, options: DeliveriesOptions) -> Result<Deliveries> {
        let request = self
            .request(Method::GET, &["webhooks", webhook_id, "deliveries"])
            .query("limit", options.limit)
            .query("before", options.before);
        self.read(request).await
    }

    /// Sends a delivery again.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`](crate::Error::NotFound) if there is none. Not retried: after
    /// [`Error::Network`](crate::Error::Network) it may have been sent.
    pub async fn redeliver(&self, webhook_id: &str, delivery_id: &str) -> Result<Delivery> {
        let path = ["webhooks", webhook_id, "deliveries", delivery_id, "redeliver"];
        let request = self.request(Method::POST, &path);
        Ok(self.call(request, json, Twice::Harmful).await?.value)
    }
}
