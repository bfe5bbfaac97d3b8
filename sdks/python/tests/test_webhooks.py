"""Webhooks."""

from __future__ import annotations

import pytest

from octostore import NotFoundError, OctoStoreClient

NONE = "0d1f6a0e-6f2c-4f5e-9a53-2f0f5d6b6c11"


def test_a_webhook_has_what_it_was_created_with(client: OctoStoreClient) -> None:
    # Nothing listens there.
    webhook = client.webhooks.create(
        "https://example.com:9/hook", events=["broken", "*"], lock_pattern="billing/*", ordering="none"
    )
    try:
        assert webhook in client.webhooks.list()
        assert (webhook.ordering, webhook.status, webhook.suspended_by) == ("none", "active", None)
        assert set(webhook.events) == {"broken", "*"}
        for change in (client.webhooks.redeliver, client.webhooks.skip):
            with pytest.raises(NotFoundError):
                change(webhook.id, NONE)
    finally:
        client.webhooks.delete(webhook.id)
    with pytest.raises(NotFoundError):
        client.webhooks.test(webhook.id)
