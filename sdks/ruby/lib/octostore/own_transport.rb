# frozen_string_literal: true

require_relative "errors"
require_relative "failures"

module Octostore
  # Sends requests to one server by a transport of the program.
  #
  # @api private
  class OwnTransport
    # @return [Address]
    attr_reader :address

    # @param address [Address]
    # @param transport [#call] gets a {HttpRequest}, returns status, headers and body
    def initialize(address, transport)
      @address = address
      @transport = transport
    end

    # As {Connections#perform}.
    def perform(request, token, fresh:)
      status, headers, body = call(request.to_plain(address, token, fresh:))
      yield status, headers, pieces(body)
    ensure
      body.close if body.respond_to?(:close)
    end

    private

    def call(request)
      status, headers, body = @transport.call(request)
      [Integer(status), headers.to_h { |name, value| [name.to_s.downcase, Array(value).join(", ")] }, body]
    rescue NetworkError, Stopped
      raise
    rescue StandardError => e
      raise failed(e)
    end

    def pieces(body)
      pieces = body.respond_to?(:each) ? body : [body.to_s]
      Enumerator.new do |all|
        pieces.each { |piece| all << piece.to_s }
      rescue NetworkError
        raise
      rescue StandardError => e
        raise failed(e)
      end
    end

    # Without its message, which could quote anything. It is the cause.
    def failed(error)
      Failures.caused(NetworkError.new("the transport to #{address} failed (#{error.class})", sent: true), error)
    end
  end
end
