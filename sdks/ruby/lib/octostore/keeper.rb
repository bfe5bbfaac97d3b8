# frozen_string_literal: true

require_relative "background"
require_relative "backoff"
require_relative "clock"
require_relative "errors"
require_relative "flag"
require_relative "rules"

module Octostore
  # Keeps one thing alive in the background that ends on the server unless it is renewed, a lease or a session, and
  # tells when it can no longer be proved to live.
  #
  # @api private
  class Keeper
    # Set when it is lost, with a {LostError}, or given up, with nil: nothing is done in the background any more.
    #
    # @return [Flag]
    attr_reader :over

    # @param what [String] for messages, such as "the lock a/b"
    # @param ttl [Integer] seconds
    # @param proved_at [Float] when the request was sent that granted it or last renewed it, on the monotonic clock
    # @param timeout [Numeric] seconds for one attempt at the most
    # @param within [Keeper, nil] what this ends with at the latest
    # @yield one attempt to renew it
    # @yieldparam until_time [Float] when it must be over, on the monotonic clock
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

    # Looks at the clock: right also when the thread is late, as after a pause of the whole process.
    def lost?
      foreign? || late? || !loss.nil? || @within&.lost? || false
    end

    # @return [LostError, nil] how it was lost
    def loss
      over.value
    end

    # Whether the server has said that it has ended.
    def gone?
      !loss&.status.nil?
    end

    # Whether it is a parent's, which goes on keeping it: a forked process has it not.
    def foreign?
      @process != Process.pid
    end

    # @return [Numeric] seconds for which it lives for certain; 0 once it is lost
    def remaining
      return 0 if lost?

      own = [0, @proved_at + @ttl - Clock.now].max
      @within ? [own, @within.remaining].min : own
    end

    # Renews no more. Returns when nothing is done any more.
    def stop
      over.set
      @thread.join
    end

    private

    # Seconds between renewals.
    def period
      @ttl.fdiv(Rules::RENEWALS_PER_TTL)
    end

    # When it counts as lost, some time before it can end.
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

    # @return [Numeric, nil] nil if it was renewed, else how many seconds the server wants to be left alone
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
      # Whatever it is, such as a thread that cannot be had, may be over in a moment.
      0
    end

    # Whether its time is over although it was not given up. Then it is lost from now on.
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
