"""The routes of webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import quote, urlencode

from ._calls import Call, Caller
from ._fields import of_object
from ._readers import (
    read_deliveries,
    read_delivery,
    read_nothing,
    read_webhook,
    read_webhook_test,
    read_webhooks,
)
from ._requests import Request
from ._types import Deliveries, Delivery, EventFilter, Webhook, WebhookTest


class WebhookApi:
    """Makes the calls of webhooks. Each raises an `OctoStoreError` if it fails."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def create(
        self,
        url: str,
        *,
        secret: str | None = None,
        events: Sequence[EventFilter] | None = None,
        lock_pattern: str | None = None,
        ordering: Literal["in_order", "none"] | None = None,
    ) -> Webhook:
        """Create a webhook. Each user can have ten.

        Args:
            url: The HTTPS URL that the server sends events to.
            secret: Signs each delivery. It is never shown again.
            events: Which events to send: `*` by default, which leaves out `broken` and `release_requested`.
            lock_pattern: Which locks to send events for, as a glob such as `billing/*`. All by default.
            ordering: `in_order`, the default: a failing delivery holds up later ones. `none`: it does not.

        """
        body = {
            "url": url,
            "secret": secret,
            "events": events,
            "lock_pattern": lock_pattern,
            "ordering": ordering,
        }
        request = Request("POST", "/webhooks", body)
        return self._caller.call(Call(lambda: request, of_object(read_webhook)), is_safe=False).value

    def list(self) -> list[Webhook]:
        """List your webhooks."""
        request = Request("GET", "/webhooks")
        return self._caller.call(Call(lambda: request, read_webhooks), is_safe=True).value

    def delete(self, webhook_id: str) -> None:
        """Delete a webhook."""
        request = Request("DELETE", _webhook_path(webhook_id))
        self._caller.remove(Call(lambda: request, read_nothing))

    def deliveries(
        self, webhook_id: str, *, limit: int | None = None, before: int | None = None
    ) -> Deliveries:
        """List the webhook's deliveries, newest event first.

        Args:
            webhook_id: The webhook.
            limit: 1 to 100, 50 by default.
            before: The `next_before` of the previous page.

        """
        asked = {"limit": limit, "before": before}
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        return self._caller.get(f"{_webhook_path(webhook_id)}/deliveries?{query}", read_deliveries)

    def redeliver(self, webhook_id: str, delivery_id: str) -> Delivery:
        """Send a delivery again."""
        return self._change(webhook_id, delivery_id, "redeliver")

    def skip(self, webhook_id: str, delivery_id: str) -> Delivery:
        """Give up a delivery, so that the later ones no longer wait for it."""
        return self._change(webhook_id, delivery_id, "skip")

    def test(self, webhook_id: str) -> WebhookTest:
        """Send a test event once and return the result. By default, at most ten per minute and user."""
        request = Request("POST", f"{_webhook_path(webhook_id)}/test")
        return self._caller.call(Call(lambda: request, of_object(read_webhook_test)), is_safe=False).value

    def _change(self, webhook_id: str, delivery_id: str, verb: str) -> Delivery:
        path = f"{_webhook_path(webhook_id)}/deliveries/{quote(delivery_id, safe='')}/{verb}"
        request = Request("POST", path)
        return self._caller.call(Call(lambda: request, of_object(read_delivery)), is_safe=False).value


def _webhook_path(webhook_id: str) -> str:
    return f"/webhooks/{quote(webhook_id, safe='')}"
