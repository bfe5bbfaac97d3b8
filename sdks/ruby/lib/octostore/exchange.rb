# frozen_string_literal: true

require_relative "background"
require_relative "clock"
require_relative "connections"
require_relative "errors"
require_relative "handover"

module Octostore
  # A request and its answer, in a thread of its own, so that whoever waits for them can turn away at any moment: while
  # a host name is looked up, when a server sends byte after byte, when a flag is set.
  #
  # @api private
  class Exchange
    # The head of an answer. Names of headers are in lower case.
    Head = Struct.new(:status, :headers)

    # What the reconnecting of a kept connection raises, and an open one never does.
    NEVER_CONNECTED = [Errno::ECONNREFUSED, SocketError].freeze
    private_constant :NEVER_CONNECTED

    # @return [Float] when it was begun, on the monotonic clock: no lease that the answer speaks of can have begun
    #   before
    attr_reader :sent_at

    # Begins an exchange. It must be cancelled in the end.
    #
    # @param connections [Connections]
    # @param http_request [Net::HTTPRequest]
    # @param fresh [Boolean] whether it must have a new connection
    # @param stop [Flag] makes what waits for the answer raise {Stopped}
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

    # Waits for the head of the answer, or then for the next piece of its body; nil after the last.
    #
    # @param until_time [Float] when to wait no longer, on the monotonic clock
    # @raise [NetworkError, TimeoutError, Stopped]
    # @return [Head, String, nil]
    def take(until_time)
      part = @parts.take(until_time)
      raise TimeoutError, "nothing came within #{(until_time - sent_at).round(3)} s" if part.nil?

      part unless part == :end
    end

    # Ends it, whatever it is doing.
    def cancel
      @stop.off(@listener)
      @thread.kill
    end

    private

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
      # Net::HTTP takes the end of the connection for the end of the body.
      raise EOFError, "the answer broke off" if response.content_length&.>(length)
    end

    # Made here and raised where it is waited for, so that its backtrace leads to who asked.
    def network_error(error)
      case error
      when NetworkError then NetworkError.new(error.message, sent: error.sent?)
      when *NEVER_CONNECTED then NetworkError.new("no connection: #{error.message}", sent: false)
      when SystemCallError, IOError, OpenSSL::SSL::SSLError
        NetworkError.new("the connection failed: #{error.message}", sent: true)
      # The message of anything else may quote what came.
      else NetworkError.new("the answer is no HTTP (#{error.class})", sent: true)
      end
    end
  end
end
