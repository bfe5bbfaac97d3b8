# frozen_string_literal: true

require_relative "backoff"
require_relative "caller"
require_relative "clock"
require_relative "errors"

module Octostore
  # A lease, and when its request was sent, on the clock of leases. The lease cannot have begun earlier.
  Granted = Struct.new(:lease, :sent_at)
  private_constant :Granted

  # How long an acquire waits, and how long one of its requests does, in seconds.
  Wait = Struct.new(:seconds, :slice)
  private_constant :Wait

  # One acquire. It asks for the lock repeatedly if necessary, because one request waits only for a slice of the wait.
  #
  # @api private
  class Acquisition
    # @param routes [RoutesOfLock, RoutesOfLocks]
    # @param body [Hash] what every request contains
    # @param wait [Wait]
    # @param give_back [#call] releases the lease in the background
    def initialize(caller, routes, body, wait:, stop:, give_back:)
      @caller = caller
      @routes = routes
      @body = body
      @stop = stop
      @give_back = give_back
      @outcome = Outcome.new
      @slice = wait.slice
      @clock = caller.clock
      @until = @clock.now + wait.seconds
      @patient_until = wait.seconds.zero? ? -Float::INFINITY : Clock.now + wait.seconds
    end

    # @raise [LockHeldError] when the wait is over
    # @raise [Stopped]
    # @return [Granted]
    def run
      @stop.check!
      granted = @clock.acquiring { wait_for_it }
    rescue Error => e
      # The lease with this id is another one, which must not be released.
      another = e.code == "lease_mismatch"
      raise
    ensure
      # Whatever ends this, even the end of the thread: otherwise the lock could stay held with no one using it.
      @give_back.call if granted.nil? && @outcome.unknown? && !another
    end

    private

    def wait_for_it
      first_asked_at = @clock.now
      refusals = 0
      begin
        asked_at = @clock.now
        asked_for = wait_seconds
        result = ask
        # `held` means that an earlier attempt got the lease and its response was lost.
        Granted.new(result.value, result.value.status == "held" ? first_asked_at : result.sent_at)
      rescue LockHeldError
        raise if @clock.now >= @until

        refusals += 1
        # Refused much too early. Pause, so as not to retry at full speed.
        @stop.pause(Backoff.delay(refusals)) if @clock.now - asked_at < asked_for / 2.0
        retry
      end
    end

    def ask
      given = { read: @routes.read, outcome: @outcome, stop: @stop, patient_until: @patient_until }
      @caller.call(safe: true, **given) do
        seconds = wait_seconds
        @routes.acquire({ **@body, wait_seconds: seconds }, until_time: Clock.now + @caller.timeout + seconds)
      end
    end

    # How long the next request may wait, in whole seconds.
    def wait_seconds
      (@until - @clock.now).clamp(0, @slice).ceil
    end
  end
end
