# frozen_string_literal: true

module Octostore
  # Makes classes of values that cannot be changed.
  module Value
    def self.define(*members)
      Struct.new(*members, keyword_init: true) do
        def initialize(**)
          super
          freeze
        end
      end
    end
  end
  private_constant :Value

  # One grant of a lock.
  #
  # @!attribute status
  #   @return [String] "acquired" if this call granted the lease, "held" if it existed before
  # @!attribute name
  #   @return [String]
  # @!attribute lease_id
  #   @return [String] proves that you hold the lock
  # @!attribute fencing_token
  #   @return [Integer] higher than that of all grants before, of any lock
  # @!attribute expires_at
  #   @return [Time] when the lease ends unless it is renewed, by the server's clock
  # @!attribute holder
  #   @return [String] login of the holder
  # @!attribute holder_id
  #   @return [String]
  # @!attribute metadata
  #   @return [String, nil] the holder's note
  Lease = Value.define(:status, :name, :lease_id, :fencing_token, :expires_at, :holder, :holder_id, :metadata)

  # A lock that is held: a {Lease}, of which `lease_id` is there on your own locks only.
  HeldLock = Value.define(:status, :name, :lease_id, :fencing_token, :expires_at, :holder, :holder_id, :metadata)

  # A page of a list. `next_cursor` is nil on the last one.
  LockPage = Value.define(:locks, :next_cursor)
  private_constant :LockPage

  # A lock, be it "held", with all members but `message`, or "available".
  #
  # @!attribute message
  #   @return [String, nil] of an available lock
  # @!attribute fencing_token
  #   @return [Integer] of an available lock the highest one issued so far, for any lock
  # @!attribute waiters
  #   @return [Integer] requests that wait for the lock
  LockStatus = Value.define(*HeldLock.members, :message, :waiters)

  # A session that was created.
  #
  # @!attribute session_id
  #   @return [String]
  # @!attribute expires_at
  #   @return [Time]
  # @!attribute keepalive_interval_secs
  #   @return [Integer] seconds between keepalives that the server recommends
  CreatedSession = Value.define(:session_id, :expires_at, :keepalive_interval_secs)

  # A session that was kept alive.
  KeptSession = Value.define(:session_id, :expires_at)

  # A session as the server sees it.
  #
  # @!attribute user_id
  #   @return [String]
  # @!attribute lock_count
  #   @return [Integer] locks that the session holds
  # @!attribute active
  #   @return [Boolean]
  SessionStatus = Value.define(:session_id, :expires_at, :user_id, :lock_count, :active)

  # How the server is.
  StatusCounters = Value.define(:service, :version, :status, :uptime_seconds, :locks_held, :sessions, :waiters)

  # What happened to a lock.
  #
  # @!attribute event
  #   @return [String] "acquired", "released", "renewed" or "expired"
  # @!attribute lock
  #   @return [String]
  # @!attribute holder_id
  #   @return [String, nil] nil once the lock is released or expired
  # @!attribute fencing_token
  #   @return [Integer, nil] nil once the lock is released or expired
  # @!attribute timestamp
  #   @return [Time]
  # @!attribute sequence
  #   @return [Integer] increases strictly over all locks
  # @!attribute expires_at
  #   @return [Time, nil] with "acquired" and "renewed" only
  # @!attribute metadata
  #   @return [String, nil] with "acquired" and "renewed" only
  # @!attribute holder
  #   @return [String, nil] login of the holder; in watches, with "acquired" and "renewed" only
  LockEvent = Value.define(
    :event, :lock, :holder_id, :fencing_token, :timestamp, :sequence, :expires_at, :metadata, :holder
  )

  # Locks that are held, as a watch of a prefix tells them. They come in parts, of which the last is `complete`.
  #
  # @!attribute locks
  #   @return [Array<HeldLock>]
  # @!attribute complete
  #   @return [Boolean]
  PrefixState = Value.define(:locks, :complete)

  # The log no longer reaches back to where a watch broke: events were missed, and the present state follows.
  #
  # @!attribute message
  #   @return [String]
  Reset = Value.define(:message)

  # What a watch tells.
  #
  # @!attribute type
  #   @return [String] "state", "reset", or what happened: "acquired", "released", "renewed", "expired"
  # @!attribute data
  #   @return [LockStatus, PrefixState, Reset, LockEvent] of a "state" what is watched, of a "reset" a {Reset}
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

  # What came of one event for one webhook.
  #
  # @!attribute id
  #   @return [String] also the `webhook-id` header, the same on every attempt
  # @!attribute state
  #   @return [String] "pending", "delivered" or "dead"
  # @!attribute payload
  #   @return [LockEvent]
  # @!attribute attempts
  #   @return [Array<DeliveryAttempt>] the most recent ones, oldest first
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
  #   @return [Integer, nil] HTTP status of the receiver, if it answered
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
  #   @return [Integer, nil] asks for the next page; nil on the last one
  Deliveries = Value.define(:deliveries, :next_before)
end
