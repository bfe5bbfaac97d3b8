# frozen_string_literal: true

require_relative "records"

module Octostore
  module Testing
    # The requests that wait, in the order in which they arrived. Those for several locks are in the line of each.
    #
    # @api private
    class Line
      def initialize
        @tickets = []
      end

      # Joins the line, or goes on waiting at the place that was kept.
      #
      # @return [Ticket]
      def ask(user, holds, wish, now)
        kept = @tickets.find do |ticket|
          ticket.id == wish[:lease_id] && ticket.user == user && holds.any? { |hold| ticket.wants?(hold.name) }
        end
        return go_on(kept, holds, wish) if kept

        Ticket.new(user:, holds:, wish:, since: now, answered: Flag.new).tap { |ticket| @tickets << ticket }
      end

      def leave(ticket)
        @tickets.delete(ticket)
      end

      # @return [Array<Ticket>] those whose clients wait for the answer
      def asking
        @tickets.select(&:asking?)
      end

      # @return [Array<Ticket>] all places in the line of a lock
      def of(name)
        @tickets.select { |ticket| ticket.wants?(name) }
      end

      # How many requests wait for a lock.
      def waiters(name)
        of(name).count(&:asking?)
      end

      # The place of a request in the line of its first lock.
      def position(ticket)
        1 + before(ticket).count { |earlier| earlier.asking? && earlier.wants?(ticket.holds.first.name) }
      end

      def before(ticket)
        @tickets.take_while { |one| !one.equal?(ticket) }
      end

      # Whose places are kept until when.
      def times
        @tickets.filter_map(&:kept_until)
      end

      def forget_before(now)
        @tickets.reject! { |ticket| !ticket.asking? && ticket.kept_until <= now }
      end

      # Gives up the place of a lease.
      #
      # @return [Ticket, nil]
      def give_up(user, id)
        ticket = @tickets.find { |one| one.id == id && one.user == user }
        return unless ticket

        ticket.answered.set
        @tickets.delete(ticket)
      end

      private

      def go_on(ticket, holds, wish)
        unless Hold.same?(ticket.holds, holds) && ticket.wish[:session] == wish[:session]
          raise Refusal.new(409, "lease_mismatch", "You already use this lease_id for something else.")
        end

        ticket.kept_until = nil
        ticket.has_returned = true
        ticket.answered = Flag.new
        ticket
      end
    end
  end
end
