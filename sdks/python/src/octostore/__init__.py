"""Client for OctoStore: distributed locks, leader election and sessions over HTTP.

    with OctoStoreClient().hold("billing/nightly", ttl_seconds=30, wait_seconds=10) as lock:
        ...

Anything not listed in `__all__` is private.
"""

from ._async_client import (
    AsyncFenceApi,
    AsyncLead,
    AsyncLeaseApi,
    AsyncOctoStoreClient,
    AsyncWebhookApi,
)
from ._async_handles import AsyncHandle, AsyncLockHandle, AsyncSessionHandle, AsyncWatch
from ._client import OctoStoreClient
from ._election import Election, Lead
from ._errors import (
    AuthenticationError,
    ErrorType,
    LeaseBrokenError,
    LimitError,
    LockHeldError,
    LockLostError,
    LostError,
    NetworkError,
    NotFoundError,
    OctoStoreError,
    PermissionDeniedError,
    RequestTimeoutError,
    ServerError,
    SignatureError,
    StaleTokenError,
    UnavailableError,
    ValidationError,
)
from ._fence_api import FenceApi
from ._handle_events import HandleEvent, HandleEventType, Observer
from ._lease_api import LeaseApi
from ._lock import LockHandle
from ._lock_types import (
    AvailableLockStatus,
    Break,
    ConvertibleMode,
    DelayedLockStatus,
    Fence,
    HeldLock,
    HeldLockStatus,
    Lease,
    LeaseLock,
    LockHolder,
    LockMode,
    LockStatus,
    Queue,
    QueuePlace,
    ReleaseRequest,
    WantedLock,
    WholeLease,
)
from ._opener import HttpRequest, HttpResponse, Opener
from ._rules import RULES
from ._session import SessionHandle
from ._signals import Signal, Trigger
from ._types import (
    CreatedSession,
    Deliveries,
    Delivery,
    DeliveryAttempt,
    EventFilter,
    KeptSession,
    LockEvent,
    LockEventType,
    SessionStatus,
    StatusCounters,
    Webhook,
    WebhookTest,
)
from ._verify_webhook import verify_webhook
from ._watch import EventUpdate, PrefixState, Reset, ResetUpdate, StateUpdate, Watch, WatchUpdate
from ._webhook_api import WebhookApi

__all__ = [
    "RULES",
    "AsyncFenceApi",
    "AsyncHandle",
    "AsyncLead",
    "AsyncLeaseApi",
    "AsyncLockHandle",
    "AsyncOctoStoreClient",
    "AsyncSessionHandle",
    "AsyncWatch",
    "AsyncWebhookApi",
    "AuthenticationError",
    "AvailableLockStatus",
    "Break",
    "ConvertibleMode",
    "CreatedSession",
    "DelayedLockStatus",
    "Deliveries",
    "Delivery",
    "DeliveryAttempt",
    "Election",
    "ErrorType",
    "EventFilter",
    "EventUpdate",
    "Fence",
    "FenceApi",
    "HandleEvent",
    "HandleEventType",
    "HeldLock",
    "HeldLockStatus",
    "HttpRequest",
    "HttpResponse",
    "KeptSession",
    "Lead",
    "Lease",
    "LeaseApi",
    "LeaseBrokenError",
    "LeaseLock",
    "LimitError",
    "LockEvent",
    "LockEventType",
    "LockHandle",
    "LockHeldError",
    "LockHolder",
    "LockLostError",
    "LockMode",
    "LockStatus",
    "LostError",
    "NetworkError",
    "NotFoundError",
    "Observer",
    "OctoStoreClient",
    "OctoStoreError",
    "Opener",
    "PermissionDeniedError",
    "PrefixState",
    "Queue",
    "QueuePlace",
    "ReleaseRequest",
    "RequestTimeoutError",
    "Reset",
    "ResetUpdate",
    "ServerError",
    "SessionHandle",
    "SessionStatus",
    "Signal",
    "SignatureError",
    "StaleTokenError",
    "StateUpdate",
    "StatusCounters",
    "Trigger",
    "UnavailableError",
    "ValidationError",
    "WantedLock",
    "Watch",
    "WatchUpdate",
    "Webhook",
    "WebhookApi",
    "WebhookTest",
    "WholeLease",
    "verify_webhook",
]
