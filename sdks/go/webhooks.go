package octostore

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

// CreateWebhook creates a webhook. Each user can have ten.
func (c *Client) CreateWebhook(ctx context.Context, webhook NewWebhook) (Webhook, error) {
	r := request{method: http.MethodPost, path: "/webhooks", body: webhook}
	return do(ctx, c.transport, call[Webhook]{attempt: attemptAt(r, decoded[Webhook])})
}

// ListWebhooks returns your webhooks.
func (c *Client) ListWebhooks(ctx context.Context) ([]Webhook, error) {
	return get[webhookList](ctx, c.transport, "/webhooks")
}

// DeleteWebhook deletes a webhook. It fails with [ErrNotFound] if there is none.
func (c *Client) DeleteWebhook(ctx context.Context, webhookID string) error {
	r := request{method: http.MethodDelete, path: webhookPath(webhookID)}
	_, err := do(ctx, c.transport, call[nothing]{attempt: attemptAt(r, readNothing), isSafe: true, makesGo: true})
	return err
}

// Deliveries returns the webhook's deliveries, newest event first.
func (c *Client) Deliveries(ctx context.Context, webhookID string, options DeliveriesOptions) (Deliveries, error) {
	query := url.Values{}
	if options.Limit != 0 {
		query.Set("limit", strconv.Itoa(options.Limit))
	}
	if options.Before != 0 {
		query.Set("before", strconv.FormatInt(options.Before, 10))
	}
	return get[Deliveries](ctx, c.transport, webhookPath(webhookID)+"/deliveries?"+query.Encode())
}

// Redeliver sends a delivery again.
func (c *Client) Redeliver(ctx context.Context, webhookID, deliveryID string) (Delivery, error) {
	path := webhookPath(webhookID) + "/deliveries/" + url.PathEscape(deliveryID) + "/redeliver"
	r := request{method: http.MethodPost, path: path}
	return do(ctx, c.transport, call[Delivery]{attempt: attemptAt(r, decoded[Delivery])})
}

func webhookPath(webhookID string) string {
	return "/webhooks/" + url.PathEscape(webhookID)
}
