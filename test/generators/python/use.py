"""Uses the client that openapi-python-client makes of openapi.yaml, as the package octostore_api."""

import os
from http import HTTPStatus

from octostore_api import AuthenticatedClient
from octostore_api.api.locks import acquire_lock, get_lock, list_locks, release_lock, renew_lock
from octostore_api.api.sessions import create_session, keep_session_alive, terminate_session
from octostore_api.api.webhooks import create_webhook
from octostore_api.models import (
    AcquireLockRequest,
    CreatedSession,
    CreateWebhookRequest,
    CreateWebhookRequestEventsType0Item,
    ErrorBody,
    ErrorCode,
    LockConflict,
    LockHeld,
    LockList,
    LockNotHeld,
    LockResponse,
    ListLocksOwner,
    ReleaseLockRequest,
    ReleaseResponse,
    RenewLockRequest,
    WebhookResponse,
)

NAME = "generators/python"


def client_of(token: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=os.environ["OCTOSTORE_BASE_URL"], token=token)


alice = client_of(os.environ["OCTOSTORE_TOKEN"])
bob = client_of(os.environ["OCTOSTORE_OTHER_TOKEN"])

session = create_session.sync(client=alice)
assert isinstance(session, CreatedSession)

granted = acquire_lock.sync(
    NAME, client=alice, body=AcquireLockRequest(ttl_seconds=60, session_id=session.session_id)
)
assert isinstance(granted, LockResponse)

conflict = acquire_lock.sync(NAME, client=bob, body=AcquireLockRequest(ttl_seconds=60))
assert isinstance(conflict, LockConflict)
assert conflict.code is ErrorCode.LOCK_HELD
assert conflict.retry_after_ms > 0

renewed = renew_lock.sync(
    NAME, client=alice, body=RenewLockRequest(lease_id=granted.lease_id, ttl_seconds=120)
)
assert isinstance(renewed, LockResponse)
assert renewed.fencing_token == granted.fencing_token

held = get_lock.sync(NAME, client=alice)
assert isinstance(held, LockHeld)
assert held.lease_id == granted.lease_id

listed = list_locks.sync(client=alice, prefix="generators/", owner=ListLocksOwner.ME, limit=10)
assert isinstance(listed, LockList)
assert [lock.name for lock in listed.locks] == [NAME]

released = release_lock.sync(NAME, client=alice, body=ReleaseLockRequest(lease_id=granted.lease_id))
assert isinstance(released, ReleaseResponse)
free = get_lock.sync(NAME, client=alice)
assert isinstance(free, LockNotHeld)

keep_session_alive.sync(session.session_id, client=alice)
ended = terminate_session.sync_detailed(session.session_id, client=alice)
assert ended.status_code is HTTPStatus.NO_CONTENT

webhook = create_webhook.sync(
    client=alice,
    body=CreateWebhookRequest(
        url="https://example.com/hooks", events=[CreateWebhookRequestEventsType0Item.ACQUIRED]
    ),
)
assert isinstance(webhook, WebhookResponse)

refused = list_locks.sync(client=client_of("not-a-token"))
assert isinstance(refused, ErrorBody)
assert refused.code is ErrorCode.UNAUTHORIZED
