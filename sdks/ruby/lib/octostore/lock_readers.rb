# frozen_string_literal: true

require_relative "fields"
require_relative "lock_values"

module Octostore
  # Reads what the server says about locks, see {Readers}.
  #
  # @api private
  module LockReaders
    MODES = %w[exclusive shared counted].freeze
    private_constant :MODES

    def lease(fields)
      Lease.new(**hold(fields), **grant(fields), **own(fields), locks: fields.key?("locks") ? lease_locks(fields) : nil)
    end

    def whole_lease(fields)
      WholeLease.new(
        **grant(fields), **own(fields), locks: lease_locks(fields), session_id: fields.text_or_nil("session_id")
      )
    end

    def held_lock(fields)
      HeldLock.new(**held(fields))
    end

    def lock_status(fields)
      status = fields.choice("status", %w[available delayed held])
      return held_status(fields) if status == "held"

      LockStatus.new(
        status:,
        name: fields.text("name"),
        message: fields.text("message"),
        fencing_token: fields.number("fencing_token"),
        waiters: fields.number("waiters"),
        available_at: status == "delayed" ? fields.time("available_at") : nil,
        holder_count: 0,
        holders: []
      )
    end

    def lock_page(fields)
      LockPage.new(locks: held_locks(fields), next_cursor: fields.text_or_nil("next_cursor"))
    end

    def prefix_state(fields)
      PrefixState.new(locks: held_locks(fields), complete: fields.flag("complete"))
    end

    def lock_queue(fields)
      LockQueue.new(
        name: fields.text("name"),
        waiters: fields.number("waiters"),
        total: fields.number("total"),
        queue: fields.objects("queue").map { |place| queue_place(place) }
      )
    end

    def lock_break(fields)
      LockBreak.new(
        lease_count: fields.number("lease_count"),
        fencing_tokens: fields.numbers("fencing_tokens"),
        ended_delay: fields.flag("ended_delay")
      )
    end

    def fence(fields)
      Fence.new(name: fields.text("name"), highest: fields.number("highest"))
    end

    private

    # Servers of version 1.0 have only exclusive locks, and show no other holders.
    def held_status(fields)
      holders = fields.key?("holders") ? fields.objects("holders") : [fields]
      LockStatus.new(
        **held(fields),
        waiters: fields.number("waiters"),
        holder_count: fields.number_or_nil("holder_count") || 1,
        permits_in_use: fields.number_or_nil("permits_in_use"),
        holders: holders.map { |holder| lock_holder(holder) }
      )
    end

    def lock_holder(fields)
      LockHolder.new(**grant(fields), lease_id: fields.text_or_nil("lease_id"), slots: slots(fields))
    end

    def held_locks(fields)
      fields.objects("locks").map { |lock| held_lock(lock) }
    end

    def held(fields)
      { status: "held", lease_id: fields.text_or_nil("lease_id"), **hold(fields), **grant(fields) }
    end

    def lease_locks(fields)
      locks = fields.objects("locks").map { |lock| LeaseLock.new(**hold(lock)) }
      locks.empty? ? raise(Fields::Unexpected, "a lease without a lock") : locks
    end

    # How a lease holds a lock. Servers of version 1.0 have only exclusive locks.
    def hold(fields)
      { name: fields.text("name"), mode: mode(fields), **permits(fields), slots: slots(fields) }
    end

    def mode(fields)
      fields.key?("mode") ? fields.choice("mode", MODES) : MODES.first
    end

    def permits(fields)
      { limit: fields.number_or_nil("limit"), permits: fields.number_or_nil("permits") }
    end

    def slots(fields)
      fields.key?("slots") ? fields.numbers("slots") : nil
    end

    def grant(fields)
      {
        fencing_token: fields.number("fencing_token"),
        expires_at: fields.time("expires_at"),
        holder: fields.text("holder"),
        holder_id: fields.text("holder_id"),
        metadata: fields.text_or_nil("metadata")
      }
    end

    # What only its owner learns of a lease.
    def own(fields)
      {
        status: fields.choice("status", %w[acquired held]),
        lease_id: fields.text("lease_id"),
        proof: fields.text_or_nil("proof"),
        release_requested: fields.key?("release_requested") ? release_request(fields.object("release_requested")) : nil
      }
    end

    def release_request(fields)
      ReleaseRequest.new(by: fields.text("by"), message: fields.text_or_nil("message"), at: fields.time("at"))
    end

    def queue_place(fields)
      QueuePlace.new(
        position: fields.number("position"),
        holder: fields.text("holder"),
        holder_id: fields.text("holder_id"),
        since: fields.time("since"),
        mode: mode(fields),
        **permits(fields),
        asking: fields.flag("asking"),
        lease_id: fields.text_or_nil("lease_id")
      )
    end
  end
end
