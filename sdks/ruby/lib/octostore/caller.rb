# frozen_string_literal: true

require_relative "answers"
require_relative "backoff"
require_relative "clock"
require_relative "errors"
require_relative "flag"
require_relative "rules"

module Octostore
  # Whether attempts at something may have taken effect without our knowing.
  #
  # @api private
  class Outcome
    def initialize
      @unknown = false
    end

    def unknown?
      @unknown
    end

    # While the block runs, and after an exception that this library does not know, such as the end of the thread, the
    # outcome is unknown. An {Error} tells more.
    def doubt
      was_unknown = @unknown
      @unknown = true
      yield
    rescue Error => e
      @unknown = was_unknown || Outcome.left_unknown_by?(e)
      raise
    end

    def self.left_unknown_by?(error)
      case error
      when NetworkError then error.sent?
      when TimeoutError, ServerError, UnavailableError then true
      else false
      end
    end
  end

  # Makes calls, by the rules for repeats.
  #
  # @api private
  class Caller
    FINAL = [AuthenticationError, ValidationError, PermissionError, NotFoundError, LimitError].freeze
    private_constant :FINAL

    # What came of a call.
    #
    # @!attribute value
    #   @return [Object] what the server says
    # @!attribute sent_at
    #   @return [Float] when the attempt that was answered was sent, on the monotonic clock
    Result = Struct.new(:value, :sent_at)

    # @return [Transport]
    attr_reader :transport
    # @return [Bearer]
    attr_reader :bearer

    def initialize(transport, bearer)
      @transport = transport
      @bearer = bearer
    end

    # @return [Numeric] seconds for one attempt
    def timeout
      transport.timeout
    end

    # Asks the server for something, in as many attempts as it takes and as are safe.
    #
    # @param safe [Boolean] whether it does no harm if the server does it twice
    # @param read [#call] reads the text of a success; raises {Fields::Unexpected} if it cannot be understood
    # @param removes [Boolean] for what makes something go away: if it is gone after an attempt of unknown outcome, that
    #   attempt did it
    # @yieldreturn [Request] what is sent, asked for anew for each attempt
    # @raise [Error] of the last attempt
    # @raise [Stopped] when `stop` is set
    # @return [Result] of nothing, if what should go away is gone
    def call(safe:, read:, removes: false, outcome: Outcome.new, stop: Flag.new, &request)
      failures = 0
      begin
        was_unknown = outcome.unknown?
        outcome.doubt { attempt(read:, fresh: !safe, stop:, &request) }
      rescue Error => e
        return Result.new if removes && was_unknown && e.is_a?(NotFoundError)

        failures += 1
        raise if failures > Rules::REPEATS_MAX || !Caller.repeatable?(e, safe:)

        stop.pause(Backoff.delay(failures, e.retry_after))
        retry
      end
    end

    # One attempt without repeats, but for those after the token was replaced.
    #
    # @yieldreturn [Request] as for {#call}
    # @return [Result]
    def attempt(read:, stop:, fresh: false)
      loop do
        request = yield
        until_time = request.until_time || (Clock.now + timeout)
        token = bearer.token
        answer = transport.exchange(request, token, until_time:, fresh:, stop:)
        next if answer.status == 401 && bearer.replaced?(token, until_time, stop)

        return Result.new(Answers.result(answer, read), answer.sent_at)
      end
    end

    # Whether the same thing may well succeed some moments later.
    def self.transient?(error)
      case error
      when NetworkError, TimeoutError, UnavailableError then true
      when LimitError then error.status == 429
      # An answer that cannot be understood.
      when ServerError then error.status&.between?(200, 299) || false
      else false
      end
    end

    # Whether no later attempt can mend it, be it the same or another one.
    def self.final?(error)
      FINAL.any? { |kind| error.is_a?(kind) } && error.status != 429
    end

    # Whether the call that failed so may be made once more.
    #
    # @param safe [Boolean] as for {#call}
    def self.repeatable?(error, safe:)
      return false unless transient?(error)
      return false if (error.retry_after || 0) * 1000 > Rules::RETRY_AFTER_MS_MAX

      safe || (error.is_a?(NetworkError) && !error.sent?)
    end
  end
end
