# frozen_string_literal: true

require_relative "clock"
require_relative "errors"
require_relative "failures"
require_relative "flag"
require_relative "route"
require_relative "rules"

module Octostore
  # Renews a lease or session in the background, and signals its loss when it may have expired.
  #
  # @api private
  class Keeper
    # Set when it is lost, with a {LostError}, or closed, with nil. Nothing happens in the background from then on.
    #
    # @return [Flag]
    attr_reader :over

    # Timeout of one attempt at a renewal, in seconds. It is short, so that a server that hangs does not cost the lease.
    #
    # @param ttl [Integer] seconds
    # @param timeout [Numeric] the client's, in seconds
    def self.timeout(ttl, timeout)
      [timeout, ttl.fdiv(Rules::RENEWAL_TIMEOUTS_PER_TTL)].min
    end

    # @param what [String] for messages, such as "the lock a/b"
    # @param ttl [Integer] seconds
    # @param proved_at [Float] when the request that granted it or last renewed it was sent, on the clock of leases
    # @param timeout [Numeric] timeout of one attempt, in seconds
    # @param clock [LeaseClock]
    # @param observed [Observed] learns what happens to it
    # @param within [Keeper, nil] the session that this belongs to and ends with
    # @param servers [Servers]
    # @yield one attempt to renew it
    # @yieldparam sending [Hash] `server`, `until_time`, when it must be finished, on the clock of leases, and `stop`
    # @yieldreturn [Float] when it was sent, on the clock of leases
    def initialize(what:, ttl:, proved_at:, timeout:, servers:, clock:, observed:, within: nil, &renew)
      @what = what
      @ttl = ttl
      @proved_at = proved_at
      @timeout = Keeper.timeout(ttl, timeout)
      @servers = servers
      @clock = clock
      @observed = observed
      @within = within
      @renew = renew
      @gone = false
      @over = Flag.new
      @process = Process.pid
      end_with_outer
      @thread = clock.start { keep }
    end

    # Checks the clock, so it is correct even if the thread is late, as after the process was paused.
    def lost?
      foreign? || late? || !loss.nil? || @within&.lost? || false
    end

    # @return [LostError, nil] how it was lost
    def loss
      over.value
    end

    # Whether the server has reported that it has ended.
    def gone?
      @gone
    end

    # Whether it belongs to a parent process, which keeps renewing it. A forked process does not have it.
    def foreign?
      @process != Process.pid
    end

    # @return [Numeric] seconds for which it is certain to live; 0 once it is lost
    def remaining
      return 0 if lost?

      own = [0, @proved_at + @ttl - @clock.now].max
      @within ? [own, @within.remaining].min : own
    end

    # The server has said that it has ended. No effect if it is over.
    #
    # @param error [NotFoundError]
    def lose_by_answer(error)
      return if error.is_a?(LostError)

      lose(error.is_a?(LeaseBrokenError) ? broken_by(error) : "it has ended on the server", error, gone: true)
    end

    # Its handle was garbage-collected without being closed. Stops renewing, signals the loss, and warns.
    def forgotten
      return unless lose("its handle was forgotten")

      warn "octostore: the handle of #{@what} was garbage-collected without being closed, so it is no longer " \
           "renewed. Close each handle."
    end

    # Stops renewing. Returns when nothing happens in the background any more.
    def stop
      over.set
      @thread.join
    end

    private

    # Seconds between renewals.
    def period
      @ttl.fdiv(Rules::RENEWALS_PER_TTL)
    end

    # When it counts as lost, some time before it can expire.
    def lost_at
      margin = (@ttl * 1000 * Rules::MARGIN_FRACTION).clamp(Rules::MARGIN_MS_MIN, Rules::MARGIN_MS_MAX)
      @proved_at + @ttl - (margin / 1000.0)
    end

    def keep
      due_at = @proved_at + period
      route = nil
      until over_by?([due_at, lost_at].min)
        return if late?

        route ||= Route.new(@servers, rounds_max: Float::INFINITY)
        error = attempt(route.server)
        due_at = error ? @clock.now + [period, route.next(error) || period].min : @proved_at + period
        route = nil unless error
      end
    end

    # Waits until then, on the clock of leases.
    def over_by?(time)
      @clock.wait(over, time)
    end

    # @return [StandardError, nil] nil if it was renewed
    def attempt(server)
      until_time = Clock.now + [@timeout, lost_at - @clock.now].min
      @proved_at = @renew.call({ server:, until_time:, stop: over })
      @observed.tell("renewed")
      nil
    rescue Stopped => e
      e
    rescue StandardError => e
      # Any error, such as a failure to start a thread, may be temporary.
      @observed.tell("renewal_failed", e)
      lose_by_answer(e) if e.is_a?(NotFoundError)
      e
    end

    # Whether its time is up although it was not closed. If so, it is lost from now on.
    def late?
      return false if over.set? || @clock.now < lost_at

      lose_by_time
      true
    end

    def broken_by(error)
      who = error.broken_by == "administrator" ? "an administrator" : error.broken_by
      %(#{who} broke it ("#{error.reason}"))
    end

    def lose_by_time
      lose("it could not be renewed in time")
    end

    # @return [Boolean] whether it was not over before
    def lose(why, cause = nil, gone: false)
      return false if over.set?

      @gone = gone
      facts = { code: cause&.code, status: cause&.status, request_id: cause&.request_id }
      loss = Failures.caused(LostError.new("#{@what} is lost: #{why}", **facts), cause)
      over.set(loss).tap { |first| @observed.tell("lost", loss) if first }
    end

    def end_with_outer
      return unless @within

      listener = @within.over.on_set { lose("its session has ended", gone: @within.gone?) }
      over.on_set { @within.over.off(listener) }
    end
  end
end
