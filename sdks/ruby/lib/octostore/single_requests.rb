# frozen_string_literal: true

require_relative "rules"

module Octostore
  # The calls of a {Client} that send single requests, for programs that do their own renewing.
  module SingleRequests
    # Acquires a lock without renewing it. Prefer {Client#hold}.
    #
    # @param lease_id [String, nil] a UUID for the lease; a new one by default
    # @param session_id [String, nil] ties the lease to a session
    # @param mode ["exclusive", "shared", nil] as for {Client#hold}, like `limit` and `permits`
    # @param options `ttl`, `wait`, `wait_slice`, `metadata`, `lock_delay`, `min_hold`, `proof` and `stop` of
    #   {Client#hold}
    # @return [Lease]
    # @raise [LockHeldError] if you cannot have the lock within `wait`
    def acquire(name, lease_id: nil, session_id: nil, mode: nil, limit: nil, permits: nil, **options)
      @locks.leases(name, mode:, limit:, permits:).acquire(lease_id:, session_id:, **options).lease
    end

    # Acquires several locks under one lease, or none of them, without renewing it. Prefer {Client#hold_all}. Renew and
    # release it by {Client#leases}.
    #
    # @param locks [Array<String, Hash, WantedLock>] as for {Client#hold_all}
    # @param lease_id [String, nil] a UUID for the lease; a new one by default
    # @param session_id [String, nil] ties the lease to a session
    # @param options as for {#acquire}
    # @return [WholeLease]
    # @raise [LockHeldError] if you cannot have the locks within `wait`
    def acquire_all(locks, lease_id: nil, session_id: nil, **options)
      @locks.leases_of_all(locks).acquire(lease_id:, session_id:, **options).lease
    end

    # Renews a lease, so that it ends that many seconds from now.
    #
    # @param ttl [Integer] seconds, from 1 to 3600
    # @param proof [Boolean] whether you want a new proof
    # @return [Lease]
    # @raise [NotFoundError] if you no longer have it
    def renew(name, lease_id, ttl:, proof: false)
      @locks.leases(name).renew(lease_id, ttl, proof:).lease
    end

    # Releases a lease.
    #
    # @return [nil]
    # @raise [NotFoundError] if you no longer have it
    def release(name, lease_id)
      @locks.leases(name).release(lease_id)
    end

    # @return [LockStatus]
    def lock_status(name)
      @locks.status(name)
    end

    # All locks that are held, sorted by name.
    #
    # @param prefix [String, nil] only locks whose names begin with this text
    # @param owner ["me", nil] only your own
    # @return [Array<HeldLock>]
    def list_locks(prefix: nil, owner: nil)
      @locks.list(prefix:, owner:)
    end

    # Creates a session without keeping it alive. Prefer {Client#open_session}.
    #
    # @param ttl [Integer] seconds, from 10 to 300
    # @return [CreatedSession]
    def create_session(ttl: Rules::SESSION_TTL_SECONDS_DEFAULT)
      @sessions.create(ttl).value
    end

    # Extends a session by its TTL from now.
    #
    # @return [KeptSession]
    # @raise [NotFoundError] if it has ended
    def keepalive(session_id)
      @sessions.keepalive(session_id)
    end

    # @return [SessionStatus]
    # @raise [NotFoundError] if it has ended
    def session_status(session_id)
      @sessions.status(session_id)
    end

    # Ends a session and releases its locks.
    #
    # @return [nil]
    # @raise [NotFoundError] if it has ended
    def end_session(session_id)
      @sessions.finish(session_id)
    end
  end
end
