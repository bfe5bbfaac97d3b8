# frozen_string_literal: true

require_relative "records"

module Octostore
  module Testing
    # Why a request cannot have its locks now.
    #
    # @api private
    class Obstacles
      # @param law [Law]
      # @param clock [Clock]
      def initialize(law, clock)
        @law = law
        @clock = clock
      end

      # @param ticket [Ticket]
      # @return [Refusal, nil] nil if nothing is in its way
      def of(ticket)
        ticket.holds.filter_map { |hold| of_hold(hold) || queued(hold.name, ticket) }.first
      end

      # Someone else has the lock.
      #
      # @param lease [Lease]
      # @return [Refusal]
      def held(name, lease)
        conflict("lock_held", name, "The lock is already held.", lease.ends_at, **by(lease))
      end

      # The request has given up its place.
      #
      # @return [Refusal]
      def left(ticket)
        conflict("lock_queued", ticket.holds.first.name, "You have left the line.", @clock.now)
      end

      private

      def of_hold(hold)
        holders = @law.holders(hold.name)
        delayed(hold.name) || mismatch(hold, holders) || crowded(hold, holders)
      end

      def delayed(name)
        time = @law.delays[name]
        time && conflict("lock_delayed", name, "The lock is not available yet.", time)
      end

      def mismatch(hold, holders)
        first = holders.first
        limit = first&.hold_of(hold.name)&.limit
        return if limit.nil? || hold.limit.nil? || limit == hold.limit

        sentence = "The lock is in use with another limit."
        conflict("limit_mismatch", hold.name, sentence, first.ends_at, limit:, **by(first))
      end

      def by(lease)
        { holder: lease.user, metadata: lease.metadata }
      end

      def crowded(hold, holders)
        held(hold.name, holders.first) unless fits?(hold, holders.map { |lease| lease.hold_of(hold.name) })
      end

      def fits?(hold, others)
        return others.empty? if hold.mode == "exclusive"
        return false unless others.all? { |other| other.mode == hold.mode }

        hold.limit.nil? || others.sum(&:permits) + hold.permits <= hold.limit
      end

      def queued(name, ticket)
        return unless @law.line.before(ticket).any? { |earlier| earlier.asking? && earlier.wants?(name) }

        conflict("lock_queued", name, "The lock is kept for clients that asked for it earlier.", @clock.now)
      end

      def conflict(code, name, sentence, expires_at, holder: nil, metadata: nil, **more)
        status = code == "limit_mismatch" ? "held" : code.delete_prefix("lock_")
        retry_after_ms = [((expires_at - @clock.now) * 1000).floor, 0].max
        lock = { name:, holder:, expires_at: }
        facts = { lock:, status:, holder_id: holder, expires_at:, metadata:, retry_after_ms:, **more }
        Refusal.new(409, code, sentence, **facts)
      end
    end
  end
end
