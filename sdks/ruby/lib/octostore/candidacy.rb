# frozen_string_literal: true

require_relative "backoff"
require_relative "errors"
require_relative "failures"
require_relative "flag"
require_relative "scope"

module Octostore
  # Campaigns for a lock and leads in turn, until it is stopped. See {Client#elect}.
  #
  # @api private
  class Candidacy
    # @param stop [Flag]
    # @param once [Boolean] whether to leave the election after leading once
    # @yieldreturn [Lock] the lock, after waiting for it; raises {LockHeldError} if it is still held then
    def initialize(stop:, once:, &hold)
      @stop = stop
      @once = once
      @hold = hold
    end

    # @yield leads
    # @yieldparam lock [Lock]
    # @yieldparam told [Flag] set when the leader must stop
    # @raise what the block raises, and {Error}s that retrying cannot fix
    def run(&lead)
      until @stop.set?
        Scope.with(method(:campaign)) { |lock| lead_with(lock, &lead) if lock }
        return if @once
      end
    end

    private

    # @return [Lock, nil] nil if the election was stopped first
    def campaign
      failures = 0
      begin
        @hold.call
      rescue LockHeldError
        failures = 0
        retry
      rescue Error => e
        raise if Failures.final?(e)

        failures += 1
        @stop.pause(Backoff.delay(failures, e.retry_after))
        retry
      end
    rescue Stopped
      nil
    end

    def lead_with(lock)
      told = Flag.new
      listener = @stop.on_set { told.set }
      lock.on_lost { told.set }
      yield lock, told
    rescue Stopped
      # The leader may pass its flag on to other calls, which then raise this.
      raise unless told.set?
    ensure
      @stop.off(listener)
    end
  end
end
