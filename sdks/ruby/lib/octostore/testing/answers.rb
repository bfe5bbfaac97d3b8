# frozen_string_literal: true

require "time"
require_relative "records"

module Octostore
  module Testing
    # Writes what the server says, as the real one does.
    #
    # @api private
    class Answers
      # When the clock of a test begins.
      EPOCH = Time.utc(2026, 1, 1)

      # @param law [Law]
      # @param clock [Clock]
      def initialize(law, clock)
        @law = law
        @clock = clock
      end

      def time(seconds)
        (EPOCH + seconds).iso8601(3)
      end

      # @param hold [Hold, nil] the lock that it is about, nil if it is about all
      def lease(lease, status, hold = nil)
        locks = lease.holds.map { |one| of(one) } if hold.nil? || lease.holds.size > 1
        about = hold ? of(hold) : {}
        more = { locks:, session_id: lease.session&.id, release_requested: lease.requested }
        { status:, lease_id: lease.id, renew_after_ms: renew_after(lease), **grant(lease), **about, **more }.compact
      end

      # @param viewer [String] who sees the ids of their own leases only
      def lock_status(name, viewer)
        holders = @law.holders(name)
        waiters = @law.line.waiters(name)
        return held_status(name, holders, viewer).merge(waiters:) if holders.any?

        delay = @law.delays[name]
        free = { name:, fencing_token: @law.last_token, waiters: }
        return { **free, status: "delayed", message: "Lock not available yet", available_at: time(delay) } if delay

        { **free, status: "available", message: "Lock not currently held" }
      end

      # @param user [String, nil] only whose locks
      def locks(prefix, user, viewer)
        held = @law.leases.reject { |lease| user && lease.user != user }
        entries = held.flat_map { |lease| lease.holds.map { |hold| listed(lease, hold, viewer) } }
        locks = entries.select { |entry| entry[:name].start_with?(prefix.to_s) }.sort_by { |entry| entry[:name] }
        { locks:, total: locks.size, prefix:, next_cursor: nil }
      end

      def queue(name, user)
        line = @law.line.of(name)
        places = line.each_with_index.map { |ticket, at| place(ticket, name, 1 + line[...at].count(&:asking?), user) }
        { name:, waiters: places.count { |place| place[:asking] }, total: places.size, queue: places.first(100) }
      end

      def session(session)
        locks = @law.leases.select { |lease| lease.session == session }.sum { |lease| lease.holds.size }
        {
          session_id: session.id, expires_at: time(session.ends_at), keepalive_interval_secs: session.ttl / 2,
          user_id: session.user, lock_count: locks, active: true
        }
      end

      # @param refusal [Refusal]
      def refusal(refusal)
        with_times(refusal.facts)
      end

      private

      def with_times(facts)
        facts.to_h do |name, value|
          next [name, with_times(value)] if value.is_a?(Hash)

          [name, name.end_with?("_at") && value ? time(value) : value]
        end
      end

      def listed(lease, hold, viewer)
        { status: "held", **grant(lease), **of(hold), **own_id(lease, viewer) }
      end

      def own_id(lease, viewer)
        lease.user == viewer ? { lease_id: lease.id } : {}
      end

      # In milliseconds: a third of the TTL after the last renewal.
      def renew_after(lease)
        passed = @clock.now - (lease.own_end - lease.ttl)
        [((lease.ttl / 3.0) - passed) * 1000, 0].max.floor
      end

      def held_status(name, holders, viewer)
        first = holders.first
        hold = first.hold_of(name)
        in_use = holders.sum { |lease| lease.hold_of(name).permits } if hold.limit
        {
          status: "held", **grant(first), **of(hold), **own_id(first, viewer), holder_count: holders.size,
          permits_in_use: in_use, holders: holders.first(100).map { |lease| holder(lease, name, viewer) }
        }.compact
      end

      def holder(lease, name, viewer)
        { **grant(lease), slots: lease.hold_of(name).slots, **own_id(lease, viewer) }.compact
      end

      def grant(lease)
        {
          fencing_token: lease.token, expires_at: time(lease.ends_at), holder: lease.user, holder_id: lease.user,
          metadata: lease.metadata
        }
      end

      def of(hold)
        hold.to_h.compact
      end

      def place(ticket, name, position, user)
        hold = ticket.holds.find { |one| one.name == name }
        {
          position:, holder: ticket.user, holder_id: ticket.user, since: time(ticket.since), asking: ticket.asking?,
          **of(hold).except(:name, :slots), lease_id: ticket.user == user ? ticket.id : nil
        }
      end
    end
  end
end
