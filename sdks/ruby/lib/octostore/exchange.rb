# frozen_string_literal: true

require_relative "background"
require_relative "clock"
require_relative "connections"
require_relative "errors"
require_relative "failures"
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

    # @return [Float] when it was started, on {Clock}
    attr_reader :sent_at

    # Starts an exchange. It must be cancelled in the end.
    #
    # @param sender [Connections, OwnTransport]
    # @param request [Request]
    # @param token [Token, nil]
    # @param fresh [Boolean] whether it needs a new connection
    # @param stop [Flag] makes the wait for the response raise {Stopped}
    def initialize(sender, request, token, fresh:, stop:)
      @sender = sender
      @request = request
      @token = token
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
      @sender.address
    end

    def run
      @sender.perform(@request, @token, fresh: @fresh) do |status, headers, pieces|
        @parts.put(Head.new(status, headers))
        pieces.each { |piece| @parts.put(piece) }
      end
      @parts.put(:end)
    rescue StandardError => e
      @parts.put(network_error(e))
    end

    # Created here and raised where the result is awaited, so that its backtrace leads to the caller.
    def network_error(error)
      case error
      when NetworkError then Failures.caused(NetworkError.new(error.message, sent: error.sent?), error.cause)
      when *NEVER_CONNECTED then NetworkError.new("no connection to #{address}: #{error.message}", sent: false)
      when SystemCallError, IOError, OpenSSL::SSL::SSLError
        NetworkError.new("the connection to #{address} failed: #{error.message}", sent: true)
      # Other messages may quote the received data.
      else NetworkError.new("the answer of #{address} is no HTTP (#{error.class})", sent: true)
      end
    end
  end
end
