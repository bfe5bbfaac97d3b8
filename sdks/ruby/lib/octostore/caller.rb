# frozen_string_literal: true

require_relative "answers"
require_relative "backoff"
require_relative "clock"
require_relative "errors"
require_relative "flag"
require_relative "rules"

module Octostore
  # Whether attempts may have taken effect without our knowing.
  #
  # @api private
  class Outcome
    def initialize
      @unknown = false
    end

    def unknown?
      @unknown
    end

    # While the block runs, and after an exception from outside this library, such as the end of the thread, the outcome
    # is unknown. After an {Error}, it depends on the error.
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

  # Makes calls and retries them where that is safe.
  #
  # @api private
  class Caller
    FINAL = [AuthenticationError, ValidationError, PermissionError, NotFoundError, LimitError].freeze
    private_constant :FINAL

    # The result of a call.
    #
    # @!attribute value
    #   @return [Object] what the server says
    # @!attribute sent_at
    #   @return [Float] when the successful attempt was sent, on the monotonic clock
    Result = Struct.new(:value, :sent_at)

    # @return [Transport]
    attr_reader :transport
    # @return [Bearer]
    attr_reader :bearer

    def initialize(transport, bearer)
      @transport = transport
      @bearer = bearer
    end

    # @return [Numeric] timeout of one attempt, in seconds
    def timeout
      transport.timeout
    end

    # Sends a request to the server, with as many attempts as it needs and as are safe.
    #
    # @param safe [Boolean] whether it is harmless if the server does this twice
    # @param read [#call] reads the text of a successful response; raises {Fields::Unexpected} if it cannot
    # @param removes [Boolean] for calls that remove something: if it is gone after an attempt with an unknown outcome,
    #   that attempt did it
    # @yieldreturn [Request] the request, created for each attempt
    # @raise [Error] the error of the last attempt
    # @raise [Stopped] when `stop` is set
    # @return [Result] without a value, if the thing to remove is gone
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

    # One attempt. It is sent again only if the token was replaced.
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

    # Whether the same request may well succeed a moment later.
    def self.transient?(error)
      case error
      when NetworkError, TimeoutError, UnavailableError then true
      when LimitError then error.status == 429
      # A response that cannot be read.
      when ServerError then error.status&.between?(200, 299) || false
      else false
      end
    end

    # Whether retrying cannot help, with the same request or another one.
    def self.final?(error)
      FINAL.any? { |kind| error.is_a?(kind) } && error.status != 429
    end

    # Whether to retry a call that failed with this error.
    #
    # @param safe [Boolean] as for {#call}
    def self.repeatable?(error, safe:)
      return false unless transient?(error)
      return false if (error.retry_after || 0) * 1000 > Rules::RETRY_AFTER_MS_MAX

      safe || (error.is_a?(NetworkError) && !error.sent?)
    end
  end
end
