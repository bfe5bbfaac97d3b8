# frozen_string_literal: true

require_relative "value"

module Octostore
  # One of several locks that you want together. See {Client#hold_all}.
  #
  # @!attribute name
  #   @return [String]
  # @!attribute mode
  #   @return ["exclusive", "shared", nil] "exclusive" by default; leave it out if you give a limit
  # @!attribute limit
  #   @return [Integer, nil] makes the lock counted: its leases may have this many permits together, 1 to 10,000
  # @!attribute permits
  #   @return [Integer, nil] how many permits of a counted lock you want, 1 to `limit`, 1 by default
  WantedLock = Value.define(:name, :mode, :limit, :permits)

  # One lock of a lease, and how the lease holds it.
  #
  # @!attribute name
  #   @return [String]
  # @!attribute mode
  #   @return [String] "exclusive": one lease holds the lock; "shared": any number may; "counted": they share its
  #     permits
  # @!attribute limit
  #   @return [Integer, nil] how many permits the lock has; only if it is counted
  # @!attribute permits
  #   @return [Integer, nil] how many permits the lease has; only if the lock is counted
  # @!attribute slots
  #   @return [Array<Integer>, nil] the numbers of its permits, 0 to `limit` minus 1, which no other lease has; only if
  #     the lock is counted
  LeaseLock = Value.define(:name, :mode, :limit, :permits, :slots)

  # Someone asks the holders of a lock to release it. Each of them decides.
  #
  # @!attribute by
  #   @return [String] login of the user who asks
  # @!attribute message
  #   @return [String, nil]
  # @!attribute at
  #   @return [Time] when they asked, by the server's clock
  ReleaseRequest = Value.define(:by, :message, :at)

  # One grant of a lock.
  #
  # @!attribute status
  #   @return [String] "acquired" if this call granted the lease, "held" if it existed before
  # @!attribute name
  #   @return [String]
  # @!attribute lease_id
  #   @return [String] proves that you hold the lock
  # @!attribute fencing_token
  #   @return [Integer] higher than that of every earlier grant, of any lock
  # @!attribute expires_at
  #   @return [Time] when the lease expires unless it is renewed, by the server's clock
  # @!attribute holder
  #   @return [String] login of the holder
  # @!attribute holder_id
  #   @return [String]
  # @!attribute metadata
  #   @return [String, nil] the holder's note
  # @!attribute mode
  #   @return [String] as in {LeaseLock}, like `limit`, `permits` and `slots`
  # @!attribute locks
  #   @return [Array<LeaseLock>, nil] all locks of the lease, in the order in which you asked for them; nil if it is
  #     only this one
  # @!attribute proof
  #   @return [String, nil] shows others that you hold the locks, until it expires: a JSON Web Token; only if you asked
  #     for one
  # @!attribute release_requested
  #   @return [ReleaseRequest, nil] the latest request to release one of its locks; only in the response to a renewal
  Lease = Value.define(
    :status, :name, :lease_id, :fencing_token, :expires_at, :holder, :holder_id, :metadata,
    :mode, :limit, :permits, :slots, :locks, :proof, :release_requested
  )

  # A lease with all its locks. What both have in common is as in {Lease}.
  #
  # @!attribute locks
  #   @return [Array<LeaseLock>] in the order in which you asked for them
  # @!attribute session_id
  #   @return [String, nil] the session that the lease is tied to, if there is one
  WholeLease = Value.define(
    :status, :lease_id, :fencing_token, :expires_at, :holder, :holder_id, :metadata, :locks, :session_id, :proof,
    :release_requested
  )

  # A lock that is held, and one of its leases: a {Lease} whose `lease_id` is only set if the lease is yours.
  HeldLock = Value.define(
    :status, :name, :lease_id, :fencing_token, :expires_at, :holder, :holder_id, :metadata,
    :mode, :limit, :permits, :slots
  )

  # One of the leases that hold a lock. Its `lease_id` is only set if the lease is yours.
  LockHolder = Value.define(:lease_id, :fencing_token, :expires_at, :holder, :holder_id, :metadata, :slots)

  # A page of a list. `next_cursor` is nil on the last page.
  LockPage = Value.define(:locks, :next_cursor)
  private_constant :LockPage

  # A lock that is "held", "available", or "delayed": no one holds it, but no one can have it yet. If several leases
  # hold it, the members that it has in common with {HeldLock} are those of the lease granted first.
  #
  # @!attribute message
  #   @return [String, nil] nil if the lock is held
  # @!attribute fencing_token
  #   @return [Integer] the holder's; if no one holds the lock, the highest one issued so far, for any lock
  # @!attribute waiters
  #   @return [Integer] number of requests waiting for the lock
  # @!attribute available_at
  #   @return [Time, nil] from when someone can have the lock; only set if it is delayed
  # @!attribute holder_count
  #   @return [Integer] number of leases that hold the lock
  # @!attribute permits_in_use
  #   @return [Integer, nil] how many permits its leases have together; only if the lock is counted
  # @!attribute holders
  #   @return [Array<LockHolder>] the first 100 leases that hold the lock, in the order they were granted
  LockStatus = Value.define(
    *HeldLock.members, :message, :waiters, :available_at, :holder_count, :permits_in_use, :holders
  )

  # One place in the line of a lock.
  #
  # @!attribute position
  #   @return [Integer] where in the line of the requests that are asking, from 1
  # @!attribute holder
  #   @return [String] login of the waiting user
  # @!attribute since
  #   @return [Time] when the request joined the line, by the server's clock
  # @!attribute mode
  #   @return [String] how the request wants to hold the lock, with `limit` and `permits` if it is counted
  # @!attribute asking
  #   @return [Boolean] whether a client is waiting for the answer now; otherwise the place is kept for some seconds
  # @!attribute lease_id
  #   @return [String, nil] nil unless the place is yours
  QueuePlace = Value.define(:position, :holder, :holder_id, :since, :mode, :limit, :permits, :asking, :lease_id)

  # The line of a lock.
  #
  # @!attribute waiters
  #   @return [Integer] number of requests that are waiting for the lock now
  # @!attribute total
  #   @return [Integer] number of places, including those that are only kept
  # @!attribute queue
  #   @return [Array<QueuePlace>] the first 100 places, in order of arrival
  LockQueue = Value.define(:name, :waiters, :total, :queue)

  # What a break has ended.
  #
  # @!attribute lease_count
  #   @return [Integer] number of leases
  # @!attribute fencing_tokens
  #   @return [Array<Integer>] the fencing tokens of the first 100 of them, in the order they were granted
  # @!attribute ended_delay
  #   @return [Boolean] whether no one held the lock, and it is now "available" instead of "delayed"
  LockBreak = Value.define(:lease_count, :fencing_tokens, :ended_delay)

  # What a fence has seen.
  #
  # @!attribute highest
  #   @return [Integer] the highest fencing token; 0 if it has seen none
  Fence = Value.define(:name, :highest)
end
