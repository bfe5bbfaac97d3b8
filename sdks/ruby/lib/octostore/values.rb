# frozen_string_literal: true

require_relative "lock_values"
require_relative "value"

module Octostore
  # A session that was created.
  #
  # @!attribute session_id
  #   @return [String]
  # @!attribute expires_at
  #   @return [Time]
  # @!attribute keepalive_interval_secs
  #   @return [Integer] the interval between keepalives that the server recommends, in seconds
  CreatedSession = Value.define(:session_id, :expires_at, :keepalive_interval_secs)

  # A session that was kept alive.
  KeptSession = Value.define(:session_id, :expires_at)

  # The status of a session.
  #
  # @!attribute user_id
  #   @return [String]
  # @!attribute lock_count
  #   @return [Integer] number of locks that the session holds
  # @!attribute active
  #   @return [Boolean]
  SessionStatus = Value.define(:session_id, :expires_at, :user_id, :lock_count, :active)

  # The server's counters.
  StatusCounters = Value.define(:service, :version, :status, :uptime_seconds, :locks_held, :sessions, :waiters)

  # Something that happened to a lock.
  #
  # @!attribute event
  #   @return [String] "acquired", "released", "renewed" or "expired"
  # @!attribute lock
  #   @return [String]
  # @!attribute holder_id
  #   @return [String, nil] nil if the lock was released or has expired
  # @!attribute fencing_token
  #   @return [Integer, nil] nil if the lock was released or has expired
  # @!attribute timestamp
  #   @return [Time]
  # @!attribute sequence
  #   @return [Integer] strictly increasing across all locks
  # @!attribute expires_at
  #   @return [Time, nil] with "acquired" and "renewed" only
  # @!attribute metadata
  #   @return [String, nil] with "acquired" and "renewed" only
  # @!attribute holder
  #   @return [String, nil] login of the holder; in watches, with "acquired" and "renewed" only
  LockEvent = Value.define(
    :event, :lock, :holder_id, :fencing_token, :timestamp, :sequence, :expires_at, :metadata, :holder
  )

  # The locks that are held, when watching a prefix. They can arrive in several parts; the last one is `complete`.
  #
  # @!attribute locks
  #   @return [Array<HeldLock>]
  # @!attribute complete
  #   @return [Boolean]
  PrefixState = Value.define(:locks, :complete)

  # Events were missed, because the event log no longer reaches back to where a watch broke. The current state follows.
  #
  # @!attribute message
  #   @return [String]
  Reset = Value.define(:message)

  # One update of a watch.
  #
  # @!attribute type
  #   @return [String] "state", "reset", or the kind of event: "acquired", "released", "renewed", "expired"
  # @!attribute data
  #   @return [LockStatus, PrefixState, Reset, LockEvent] for a "state", the state of what is watched; for a "reset", a
  #     {Reset}; otherwise the event
  Update = Value.define(:type, :data)

  # A webhook.
  #
  # @!attribute secret
  #   @return [String, nil] "****" if there is one
  # @!attribute events
  #   @return [Array<String>]
  # @!attribute lock_pattern
  #   @return [String, nil]
  # @!attribute disabled_reason
  #   @return [String, nil]
  Webhook = Value.define(
    :id, :user_id, :url, :secret, :events, :lock_pattern, :created_at, :active, :disabled_reason
  )

  # The delivery of one event to one webhook.
  #
  # @!attribute id
  #   @return [String] also sent as the `webhook-id` header; the same on every attempt
  # @!attribute state
  #   @return [String] "pending", "delivered" or "dead"
  # @!attribute payload
  #   @return [LockEvent]
  # @!attribute attempts
  #   @return [Array<DeliveryAttempt>] the most recent attempts, oldest first
  # @!attribute next_attempt_at
  #   @return [Time, nil]
  Delivery = Value.define(
    :id, :webhook_id, :state, :dead_reason, :payload, :attempts, :next_attempt_at, :created_at
  )

  # One attempt at a delivery.
  #
  # @!attribute at
  #   @return [Time]
  # @!attribute status
  #   @return [Integer, nil] HTTP status of the receiver, if it responded
  # @!attribute error
  #   @return [String, nil] why it failed; nil if it did not
  # @!attribute duration_ms
  #   @return [Integer] milliseconds
  DeliveryAttempt = Value.define(:at, :status, :error, :duration_ms)

  # A page of deliveries, newest event first.
  #
  # @!attribute deliveries
  #   @return [Array<Delivery>]
  # @!attribute next_before
  #   @return [Integer, nil] pass this as `before` to get the next page; nil on the last page
  Deliveries = Value.define(:deliveries, :next_before)
end
