"""Client for OctoStore: distributed locks, leader election and sessions over HTTP.

    with OctoStoreClient().hold("billing/nightly", ttl_seconds=30, wait_seconds=10) as lock:
        ...

Anything not listed in `__all__` is private.
"""

from ._client import OctoStoreClient
from ._election import Election, Lead
from ._errors import (
    AuthenticationError,
    ErrorType,
    LimitError,
    LockHeldError,
    LostError,
    NetworkError,
    NotFoundError,
    OctoStoreError,
    PermissionDeniedError,
    RequestTimeoutError,
    ServerError,
    SignatureError,
    UnavailableError,
    ValidationError,
)
from ._lock import LockHandle
from ._rules import RULES
from ._session import SessionHandle
from ._signals import Signal, Trigger
from ._types import (
    AvailableLockStatus,
    CreatedSession,
    Deliveries,
    Delivery,
    DeliveryAttempt,
    HeldLock,
    HeldLockStatus,
    KeptSession,
    Lease,
    LockEvent,
    LockEventType,
    LockStatus,
    SessionStatus,
    StatusCounters,
    Webhook,
)
from ._verify_webhook import verify_webhook
from ._watch import EventUpdate, PrefixState, Reset, ResetUpdate, StateUpdate, Watch, WatchUpdate
from ._webhook_api import WebhookApi

__all__ = [
    "RULES",
    "AuthenticationError",
    "AvailableLockStatus",
    "CreatedSession",
    "Deliveries",
    "Delivery",
    "DeliveryAttempt",
    "Election",
    "ErrorType",
    "EventUpdate",
    "HeldLock",
    "HeldLockStatus",
    "KeptSession",
    "Lead",
    "Lease",
    "LimitError",
    "LockEvent",
    "LockEventType",
    "LockHandle",
    "LockHeldError",
    "LockStatus",
    "LostError",
    "NetworkError",
    "NotFoundError",
    "OctoStoreClient",
    "OctoStoreError",
    "PermissionDeniedError",
    "PrefixState",
    "RequestTimeoutError",
    "Reset",
    "ResetUpdate",
    "ServerError",
    "SessionHandle",
    "SessionStatus",
    "Signal",
    "SignatureError",
    "StateUpdate",
    "StatusCounters",
    "Trigger",
    "UnavailableError",
    "ValidationError",
    "Watch",
    "WatchUpdate",
    "Webhook",
    "WebhookApi",
    "verify_webhook",
]
