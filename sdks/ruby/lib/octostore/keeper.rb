# frozen_string_literal: true

require_relative "background"
require_relative "backoff"
require_relative "clock"
require_relative "errors"
require_relative "flag"
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

    # @param what [String] for messages, such as "the lock a/b"
    # @param ttl [Integer] seconds
    # @param proved_at [Float] when the request that granted it or last renewed it was sent, on the monotonic clock
    # @param timeout [Numeric] timeout of one attempt, in seconds
    # @param within [Keeper, nil] the session that this belongs to and ends with
    # @yield one attempt to renew it
    # @yieldparam until_time [Float] when it must be finished, on the monotonic clock
    # @yieldparam stop [Flag]
    # @yieldreturn [Float] when it was sent, on the monotonic clock
    def initialize(what:, ttl:, proved_at:, timeout:, within: nil, &renew)
      @what = what
      @ttl = ttl
      @proved_at = proved_at
      @timeout = [timeout, period].min
      @within = within
      @renew = renew
      @over = Flag.new
      @process = Process.pid
      end_with_outer
      @thread = Background.run { keep }
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
      !loss&.status.nil?
    end

    # Whether it belongs to a parent process, which keeps renewing it. A forked process does not have it.
    def foreign?
      @process != Process.pid
    end

    # @return [Numeric] seconds for which it is certain to live; 0 once it is lost
    def remaining
      return 0 if lost?

      own = [0, @proved_at + @ttl - Clock.now].max
      @within ? [own, @within.remaining].min : own
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
      failures = 0
      pause = until_due
      until over.wait([pause, lost_at - Clock.now].min)
        return if late?

        retry_after = attempt
        failures = retry_after.nil? ? 0 : failures + 1
        pause = retry_after.nil? ? until_due : [period, Backoff.delay(failures, retry_after)].min
      end
    end

    def until_due
      @proved_at + period - Clock.now
    end

    # @return [Numeric, nil] nil if it was renewed, otherwise how many seconds the server asks to wait
    def attempt
      sent_at = @renew.call([Clock.now + @timeout, lost_at].min, over)
      @proved_at = sent_at
      nil
    rescue NotFoundError => e
      lose("it has ended on the server", e)
      0
    rescue Error => e
      e.retry_after || 0
    rescue StandardError
      # Any error, such as a failure to start a thread, may be temporary.
      0
    end

    # Whether its time is up although it was not closed. If so, it is lost from now on.
    def late?
      return false if over.set? || Clock.now < lost_at

      lose_by_time
      true
    end

    def lose_by_time
      lose("it could not be renewed in time")
    end

    def lose(why, cause = nil)
      facts = { code: cause&.code, status: cause&.status, request_id: cause&.request_id }
      over.set(LostError.new("#{@what} is lost: #{why}", **facts))
    end

    def end_with_outer
      return unless @within

      listener = @within.over.on_set { lose("its session has ended") }
      over.on_set { @within.over.off(listener) }
    end
  end
end
