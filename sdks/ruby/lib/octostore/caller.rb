# frozen_string_literal: true

require_relative "answers"
require_relative "clock"
require_relative "errors"
require_relative "failures"
require_relative "flag"
require_relative "lease_clock"
require_relative "limits"
require_relative "repeats"
require_relative "route"

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
      @unknown = was_unknown || Failures.leaves_unknown?(e)
      raise
    end
  end

  # Makes calls and retries them where that is safe.
  #
  # @api private
  class Caller
    # The result of a call.
    #
    # @!attribute value
    #   @return [Object] what the server says
    # @!attribute sent_at
    #   @return [Float] when the successful attempt was sent, on the clock of leases
    Result = Struct.new(:value, :sent_at)

    # @return [Transport]
    attr_reader :transport
    # @return [Bearer]
    attr_reader :bearer
    # @return [LeaseClock]
    attr_reader :clock
    # @return [#call, nil] learns what happens to locks and sessions
    attr_reader :observer

    def initialize(transport, bearer, clock: LeaseClock, observer: nil)
      @transport = transport
      @bearer = bearer
      @clock = clock
      @observer = observer
    end

    # @return [Numeric] timeout of one attempt, in seconds
    def timeout
      transport.timeout
    end

    # @return [Servers]
    def servers
      transport.servers
    end

    # Sends a request, with as many attempts as it needs and as are safe.
    #
    # @param safe [Boolean] whether it is harmless if the server does this twice
    # @param read [#call] reads the text of a successful response; raises {Fields::Unexpected} if it cannot
    # @param removes [Boolean] for calls that remove something: if it is gone after an attempt with an unknown outcome,
    #   that attempt did it
    # @param limits [Limits] of all attempts together
    # @param patient_until [Float] until when it goes on after failures, however many there are
    # @yieldreturn [Request] the request, created for each attempt
    # @raise [Error] the error of the last attempt
    # @raise [Stopped] when `stop` is set
    # @return [Result] without a value, if the thing to remove is gone
    def call(safe:, read:, removes: false, outcome: Outcome.new, stop: Flag.new, limits: Limits::NONE,
             patient_until: -Float::INFINITY, &request)
      route = Route.new(servers, patient_until:)
      repeats = Repeats.new(route, safe:, limits:)
      begin
        was_unknown = outcome.unknown?
        began_at = Clock.now
        outcome.doubt { attempt(route.server, read:, fresh: !safe, stop:, limits:, &request) }
      rescue Error => e
        return Result.new if removes && was_unknown && Failures.gone?(e)

        pause = repeats.pause_after(e, Clock.now - began_at)
        raise if pause.nil?

        stop.pause(pause)
        retry
      end
    end

    # One attempt. It is sent again only if the token was replaced.
    #
    # @param server [Address]
    # @yieldreturn [Request] as for {#call}
    # @return [Result]
    def attempt(server, read:, stop:, fresh: false, limits: Limits::NONE, &request)
      answer, sent_at = answer(server, fresh, stop, limits, &request)
      value = Answers.result(answer, read)
      servers.keep(server)
      Result.new(value, sent_at)
    rescue Error => e
      servers.leave(server) if Failures.of_server?(e)
      raise
    end

    private

    # With the current token, and again each time the token was replaced meanwhile.
    #
    # @return [Array(Transport::Answer, Float)] with the time at which its request was sent, on the clock of leases
    def answer(server, fresh, stop, limits)
      presented = bearer.present
      loop do
        request = yield
        until_time = [request.until_time || (Clock.now + timeout), limits.until_time].min
        token = presented.token_for(request, until_time, stop)
        sent_at = clock.now
        answer = transport.exchange(server, request, token, until_time:, fresh:, stop:)
        return [answer, sent_at] unless answer.status == 401 && presented.replaced?(until_time, stop)
      end
    end
  end
end
