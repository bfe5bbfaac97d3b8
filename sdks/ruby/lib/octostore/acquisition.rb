# frozen_string_literal: true

require_relative "backoff"
require_relative "caller"
require_relative "clock"
require_relative "errors"
require_relative "readers"
require_relative "request"
require_relative "rules"

module Octostore
  # A lease, and a time on the monotonic clock before which it cannot have begun.
  Granted = Struct.new(:lease, :sent_at)
  private_constant :Granted

  # One acquire: asks for a lock, again and again if need be, since one request may wait no longer than a minute.
  #
  # @api private
  class Acquisition
    # @param body [Hash] what all of its requests say
    # @param wait [Numeric] seconds
    # @param give_back [#call] releases the lease in the background
    def initialize(caller, path, body, wait:, stop:, give_back:)
      @caller = caller
      @path = path
      @body = body
      @stop = stop
      @give_back = give_back
      @outcome = Outcome.new
      @until = Clock.now + wait
    end

    # @raise [LockHeldError] when the wait is over
    # @raise [Stopped]
    # @return [Granted]
    def run
      @stop.check!
      granted = wait_for_it
    ensure
      # Whatever ends it, be it the end of the thread: no lock shall be held by nobody.
      @give_back.call if granted.nil? && @outcome.unknown?
    end

    private

    def wait_for_it
      first_asked_at = Clock.now
      refusals = 0
      begin
        asked_at = Clock.now
        asked_for = wait_seconds
        result = ask
        # A lease that existed before was granted by an earlier attempt, whose answer was lost.
        Granted.new(result.value, result.value.status == "held" ? first_asked_at : result.sent_at)
      rescue LockHeldError
        raise if Clock.now >= @until

        refusals += 1
        # Refused long before the time was over: not to be asked again at full speed.
        @stop.pause(Backoff.delay(refusals)) if Clock.now - asked_at < asked_for / 2.0
        retry
      end
    end

    def ask
      @caller.call(safe: true, read: Readers.of(:lease), outcome: @outcome, stop: @stop) do
        seconds = wait_seconds
        body = { **@body, wait_seconds: seconds }
        Request.new(:post, @path, body:, until_time: Clock.now + @caller.timeout + seconds)
      end
    end

    # Whole seconds that the next request may wait.
    def wait_seconds
      (@until - Clock.now).clamp(0, Rules::WAIT_SECONDS_PER_REQUEST_MAX).ceil
    end
  end
end
