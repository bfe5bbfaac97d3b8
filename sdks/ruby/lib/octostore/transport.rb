# frozen_string_literal: true

require_relative "connections"
require_relative "exchange"

module Octostore
  # Sends single requests to one server. Redirects are not followed: the token is for this server alone.
  #
  # @api private
  class Transport
    # A complete response. `sent_at` is when its request was sent, on the monotonic clock.
    Answer = Struct.new(:status, :headers, :text, :sent_at, keyword_init: true)

    # @return [Address]
    attr_reader :address
    # @return [Numeric] timeout of one attempt, in seconds
    attr_reader :timeout

    def initialize(address, timeout)
      @address = address
      @timeout = timeout
      @connections = Connections.new(address)
    end

    # One attempt.
    #
    # @param token [Token, nil]
    # @param until_time [Float] when to stop waiting, on the monotonic clock
    # @param fresh [Boolean] whether it needs a new connection
    # @raise [NetworkError, TimeoutError, Stopped]
    # @return [Answer]
    def exchange(request, token, until_time:, fresh:, stop:)
      exchange = start(request, token, fresh:, stop:)
      head = exchange.take(until_time)
      Answer.new(**head.to_h, text: rest_of(exchange, until_time), sent_at: exchange.sent_at)
    ensure
      exchange&.cancel
    end

    # Starts an exchange. It must be cancelled in the end.
    #
    # @param token [Token, nil]
    # @raise [Stopped] if `stop` is set
    # @return [Exchange]
    def start(request, token, fresh:, stop:)
      stop.check!
      Exchange.new(@connections, request.to_http(address, token), fresh:, stop:)
    end

    # The rest of the body.
    #
    # @param until_time [Float] when to stop waiting, on the monotonic clock
    # @return [String]
    def rest_of(exchange, until_time)
      text = "".b
      while (piece = exchange.take(until_time))
        text << piece
      end
      text
    end
  end
end
