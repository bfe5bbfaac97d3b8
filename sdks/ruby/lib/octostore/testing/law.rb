# frozen_string_literal: true

require_relative "line"
require_relative "obstacles"
require_relative "own_leases"
require_relative "past"
require_relative "records"

module Octostore
  module Testing
    # Who holds which locks. All times are those of the clock.
    #
    # @api private
    class Law
      # How long a place in line is kept after its request, in seconds.
      PLACE_SECONDS = 15

      attr_reader :leases, :line, :past, :sessions, :delays, :last_token

      # @param clock [Clock]
      def initialize(clock)
        @clock = clock
        @leases = []
        @line = Line.new
        @obstacles = Obstacles.new(self, clock)
        @sessions = {}
        @delays = {}
        @past = Past.new
        @own = OwnLeases.new(@leases, @past)
        @last_token = 0
      end

      # Ends what has run out, and lets waiters in.
      def pass_time
        end_sessions
        @leases.select { |lease| lease.ends_at <= @clock.now }.each { |lease| expire(lease) }
        @delays.delete_if { |_, time| time <= @clock.now }
        @line.forget_before(@clock.now)
        admit
      end

      # When something runs out next; nil if nothing does.
      def next_time
        [*@leases.map(&:ends_at), *@sessions.values.map(&:ends_at), *@delays.values, *@line.times].min
      end

      # Asks for a lease. If the ticket has none afterwards, it is in line.
      #
      # @return [Array(Ticket, Boolean)] and whether the lease existed before
      def ask(user, holds, wish)
        lease = @own.repeated(user, holds, wish)
        return [Ticket.new(lease:), true] if lease

        @past.refuse_broken(user, wish[:lease_id])
        ticket = @line.ask(user, holds, wish, @clock.now)
        admit
        [ticket, false]
      end

      # The wait of a request is over.
      #
      # @return [Lease]
      def conclude(ticket, waited:)
        return ticket.lease if ticket.lease

        obstacle = @obstacles.of(ticket) || @obstacles.left(ticket)
        is_in_line = waited || ticket.has_returned
        position = @line.position(ticket) if is_in_line
        leave_for_now(ticket, keep: is_in_line && ticket.wish[:is_chosen])
        obstacle.facts.update(position:, waiters: @line.waiters(ticket.holds.first.name)) if is_in_line
        admit
        raise obstacle
      end

      # @return [Lease]
      # @raise [Refusal]
      def lease(user, id, name = nil)
        @own.find(user, id, name)
      end

      def release(lease)
        earliest = lease.granted_at + lease.min_hold
        @leases.delete(lease)
        lease.holds.each { |hold| @delays[hold.name] = earliest if earliest > @clock.now }
        admit
      end

      def convert(lease, hold, mode)
        refuse_counted if hold.mode == "counted"
        if mode == "exclusive" && hold.mode != mode
          other = holders(hold.name).find { |one| one != lease }
          raise @obstacles.held(hold.name, other) if other

          lease.token = next_token
        end
        hold.mode = mode
        admit
      end

      # @return [Array<Lease>] what was broken
      def break(name, by:, reason:, token: nil)
        broken = holders(name).select { |lease| token.nil? || lease.token == token }
        broken.each do |lease|
          @past.break(lease, by:, reason:, at: @clock.now)
          expire(lease)
        end
        admit
        broken
      end

      def end_session(session)
        @sessions.delete(session.id)
        @leases.reject! { |lease| lease.session == session }
        admit
      end

      # @return [Array<Lease>] in the order in which they were granted
      def holders(name)
        @leases.select { |lease| lease.hold_of(name) }
      end

      private

      # Only a client that knows its lease id can come back to its place.
      def leave_for_now(ticket, keep:)
        if keep
          ticket.kept_until = @clock.now + PLACE_SECONDS
        else
          @line.leave(ticket)
        end
      end

      def end_sessions
        ended = @sessions.values.select { |session| session.ends_at <= @clock.now }
        ended.each { |session| @past.expire(@sessions.delete(session.id)) }
        @past.forget_before(@clock.now)
      end

      def expire(lease)
        @leases.delete(lease)
        lease.holds.each { |hold| @delays[hold.name] = @clock.now + lease.lock_delay if lease.lock_delay.positive? }
      end

      # Those who wait get their locks in order, as far as nothing is in their way.
      def admit
        @line.asking.each { |ticket| grant(ticket) unless @obstacles.of(ticket) }
      end

      def grant(ticket)
        @line.leave(ticket)
        ticket.holds.each { |hold| hold.slots = free_slots(hold) if hold.limit }
        ticket.lease = new_lease(ticket, ticket.wish)
        @leases << ticket.lease
        ticket.answered.set
      end

      def new_lease(ticket, wish)
        now = @clock.now
        facts = wish.slice(:session, :metadata, :lock_delay, :min_hold)
        Lease.new(
          id: ticket.id, user: ticket.user, holds: ticket.holds, token: next_token, ttl: wish[:ttl],
          own_end: now + wish[:ttl], granted_at: now, **facts
        )
      end

      def free_slots(hold)
        used = holders(hold.name).flat_map { |lease| lease.hold_of(hold.name).slots }
        ([*0...hold.limit] - used).first(hold.permits)
      end

      def next_token
        @last_token += 1
      end

      def refuse_counted
        raise Refusal.new(422, "validation_failed", "A counted lock has no other mode.")
      end
    end
  end
end
