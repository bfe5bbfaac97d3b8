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
        { status:, lease_id: lease.id, **grant(lease), **about, **more }.compact
      end

      def lock_status(name)
        holders = @law.holders(name)
        waiters = @law.line.of(name).count(&:asking?)
        return held_status(name, holders, waiters) if holders.any?

        delay = @law.delays[name]
        free = { name:, fencing_token: @law.last_token, waiters: }
        return { **free, status: "delayed", message: "Not available yet", available_at: time(delay) } if delay

        { **free, status: "available", message: "Available" }
      end

      # @param user [String, nil] only whose locks
      def locks(prefix, user)
        held = @law.leases.reject { |lease| user && lease.user != user }
        entries = held.flat_map { |lease| lease.holds.map { |hold| { status: "held", **grant(lease), **of(hold) } } }
        { locks: entries.select { |entry| entry[:name].start_with?(prefix) }.sort_by { |entry| entry[:name] } }
      end

      def queue(name, user)
        places = @law.line.of(name).each_with_index.map { |ticket, at| place(ticket, name, at + 1, user) }
        { name:, waiters: places.count { |place| place[:asking] }, total: places.size, queue: places.first(100) }
      end

      def session(session)
        locks = @law.leases.select { |lease| lease.session == session }.sum { |lease| lease.holds.size }
        {
          session_id: session.id, expires_at: time(session.ends_at), keepalive_interval_secs: session.ttl / 3,
          user_id: session.user, lock_count: locks, active: true
        }
      end

      # @param refusal [Refusal]
      def refusal(refusal)
        refusal.facts.to_h { |name, value| [name, name.end_with?("_at") && value ? time(value) : value] }
      end

      private

      def held_status(name, holders, waiters)
        first = holders.first
        hold = first.hold_of(name)
        in_use = holders.sum { |lease| lease.hold_of(name).permits } if hold.limit
        {
          status: "held", **grant(first), **of(hold), waiters:, holder_count: holders.size, permits_in_use: in_use,
          holders: holders.first(100).map { |lease| { **grant(lease), slots: lease.hold_of(name).slots }.compact }
        }.compact
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
