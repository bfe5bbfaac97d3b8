# frozen_string_literal: true

require_relative "background"
require_relative "clock"
require_relative "connections"
require_relative "errors"
require_relative "handover"

module Octostore
  # A request and its response, in a thread of its own, so that the caller can stop waiting at any moment: during a DNS
  # lookup, while a server sends byte after byte, or when a flag is set.
  #
  # @api private
  class Exchange
    # The status and headers of a response. Header names are in lower case.
    Head = Struct.new(:status, :headers)

    # Raised when an idle connection reconnects. An open one never does.
    NEVER_CONNECTED = [Errno::ECONNREFUSED, SocketError].freeze
    private_constant :NEVER_CONNECTED

    # @return [Float] when it was started, on the clock of leases; no lease in the response can have begun earlier
    attr_reader :sent_at

    # Starts an exchange. It must be cancelled in the end.
    #
    # @param connections [Connections]
    # @param http_request [Net::HTTPRequest]
    # @param fresh [Boolean] whether it needs a new connection
    # @param stop [Flag] makes the wait for the response raise {Stopped}
    def initialize(connections, http_request, fresh:, stop:)
      @connections = connections
      @http_request = http_request
      @fresh = fresh
      @stop = stop
      @parts = Handover.new
      @listener = stop.on_set { @parts.abort(Stopped.new) }
      @sent_at = Clock.now
      @thread = Background.run { run }
    end

    # Waits for the head of the response, then for each chunk of its body. Returns nil after the last.
    #
    # @param until_time [Float] when to stop waiting, on the clock of leases
    # @raise [NetworkError, TimeoutError, Stopped]
    # @return [Head, String, nil]
    def take(until_time)
      part = @parts.take(until_time)
      raise TimeoutError, "no answer from #{address} within #{(until_time - sent_at).round(3)} s" if part.nil?

      part unless part == :end
    end

    # Ends it, whatever it is doing.
    def cancel
      @stop.off(@listener)
      @thread.kill
    end

    private

    def address
      @connections.address
    end

    def run
      @connections.use(fresh: @fresh) do |http|
        http.request(@http_request) { |response| pass_on(response) }
      end
      @parts.put(:end)
    rescue StandardError => e
      @parts.put(network_error(e))
    end

    def pass_on(response)
      @parts.put(Head.new(response.code.to_i, response.each_header.to_h))
      length = 0
      response.read_body do |piece|
        length += piece.bytesize
        @parts.put(piece)
      end
      # Net::HTTP mistakes the end of the connection for the end of the body.
      raise EOFError, "the answer broke off" if response.content_length&.>(length)
    end

    # Created here and raised where the result is awaited, so that its backtrace leads to the caller.
    def network_error(error)
      case error
      when NetworkError then NetworkError.new(error.message, sent: error.sent?)
      when *NEVER_CONNECTED then NetworkError.new("no connection to #{address}: #{error.message}", sent: false)
      when SystemCallError, IOError, OpenSSL::SSL::SSLError
        NetworkError.new("the connection to #{address} failed: #{error.message}", sent: true)
      # Other messages may quote the received data.
      else NetworkError.new("the answer of #{address} is no HTTP (#{error.class})", sent: true)
      end
    end
  end
end
