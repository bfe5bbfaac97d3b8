# frozen_string_literal: true

require_relative "connections"
require_relative "errors"
require_relative "exchange"
require_relative "own_transport"

module Octostore
  # Sends single requests. Redirects are not followed: the token is for the client's servers alone.
  #
  # @api private
  class Transport
    # A complete response.
    Answer = Struct.new(:status, :headers, :text, keyword_init: true)

    # @return [Servers]
    attr_reader :servers
    # @return [Numeric] timeout of one attempt, in seconds
    attr_reader :timeout

    # @yieldparam address [Address]
    # @yieldreturn [Connections, OwnTransport]
    def initialize(servers, timeout, &sender)
      @servers = servers
      @timeout = timeout
      @senders = servers.addresses.to_h { |address| [address, sender.call(address)] }
    end

    # Sends requests by what the program has given, if anything.
    #
    # @param own [#call, nil] gets a {HttpRequest}, returns status, headers and body
    # @param net_http [#call, nil] as for {Connections}
    # @return [Transport]
    def self.by(servers, timeout, own, net_http)
      raise ValidationError, "Pass either transport or net_http, not both." if own && net_http

      new(servers, timeout) do |address|
        own ? OwnTransport.new(address, own) : Connections.new(address, *net_http)
      end
    end

    # One attempt.
    #
    # @param server [Address]
    # @param token [Token, nil]
    # @param until_time [Float] when to stop waiting, on the clock of leases
    # @param fresh [Boolean] whether it needs a new connection
    # @raise [NetworkError, TimeoutError, Stopped]
    # @return [Answer]
    def exchange(server, request, token, until_time:, fresh:, stop:)
      exchange = start(server, request, token, fresh:, stop:)
      head = exchange.take(until_time)
      Answer.new(**head.to_h, text: rest_of(exchange, until_time))
    ensure
      exchange&.cancel
    end

    # Starts an exchange. It must be cancelled in the end.
    #
    # @param server [Address]
    # @param token [Token, nil]
    # @raise [Stopped] if `stop` is set
    # @return [Exchange]
    def start(server, request, token, fresh:, stop:)
      stop.check!
      Exchange.new(@senders.fetch(server), request, token, fresh:, stop:)
    end

    # The rest of the body.
    #
    # @param until_time [Float] when to stop waiting, on the clock of leases
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
