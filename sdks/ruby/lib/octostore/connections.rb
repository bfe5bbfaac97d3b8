# frozen_string_literal: true

require "net/http"
require "openssl"
require_relative "clock"
require_relative "errors"

module Octostore
  # Connections to one server. Some are kept for the next request. Thread-safe.
  #
  # @api private
  class Connections
    # How long an idle connection is kept, in seconds. Servers and proxies close theirs after a minute or so.
    IDLE_SECONDS_MAX = 30
    # How many idle connections are kept.
    IDLE_MAX = 8

    Idle = Struct.new(:http, :since)
    private_constant :Idle

    # @return [Address]
    attr_reader :address

    # @param address [Address]
    # @param net_http [#call] gets a host and a port, returns a Net::HTTP that has not been started
    def initialize(address, net_http = Net::HTTP.method(:new))
      @address = address
      @net_http = net_http
      @mutex = Mutex.new
      @idle = []
      @process = Process.pid
    end

    # Sends a request, and passes the status, the headers and the pieces of the body to the block as soon as the head of
    # the response is there. Names of headers are in lower case.
    #
    # @param request [Request]
    # @param token [Token, nil]
    # @param fresh [Boolean] as for {#use}
    # @raise [NetworkError, SystemCallError, IOError, OpenSSL::SSL::SSLError]
    def perform(request, token, fresh:)
      use(fresh:) do |http|
        http.request(request.to_http(address, token)) do |response|
          yield response.code.to_i, response.each_header.to_h, pieces(response)
        end
      end
    end

    # Passes a connection to a block. If the block succeeds, the connection is kept, otherwise closed.
    #
    # @param fresh [Boolean] whether it must be new: the server may have closed an idle one, which shows only after the
    #   request has been written, and then no one knows whether the server has received it
    # @raise [NetworkError] if no connection can be made
    def use(fresh:)
      http = (fresh ? nil : kept) || opened
      result = yield http
      keep(http)
      http = nil
      result
    ensure
      http.finish if http&.started?
    end

    private

    def pieces(response)
      Enumerator.new do |all|
        length = 0
        response.read_body do |piece|
          length += piece.bytesize
          all << piece
        end
        # Net::HTTP mistakes the end of the connection for the end of the body.
        raise EOFError, "the answer broke off" if response.content_length&.>(length)
      end
    end

    def kept
      @mutex.synchronize do
        forget_those_of_the_parent
        close_the_old
        @idle.pop&.http
      end
    end

    def keep(http)
      @mutex.synchronize do
        forget_those_of_the_parent
        close_the_old
        @idle << Idle.new(http, Clock.now)
        @idle.shift.http.finish if @idle.size > IDLE_MAX
      end
    end

    # A forked process has its parent's sockets. Closing them would end the parent's connections.
    def forget_those_of_the_parent
      return if @process == Process.pid

      @process = Process.pid
      @idle = []
    end

    def close_the_old
      oldest = Clock.now - IDLE_SECONDS_MAX
      @idle.shift.http.finish while @idle.any? && @idle.first.since < oldest
    end

    def opened
      @net_http.call(@address.host, @address.port).tap { |http| configure(http) }.start
    rescue SystemCallError, SocketError, IOError, OpenSSL::SSL::SSLError => e
      raise NetworkError.new("no connection to #{address}: #{e.message}", sent: false)
    rescue Net::ProtocolError
      # The message of such an error quotes the received data, which could be anything.
      raise NetworkError.new("no connection to #{address}: the proxy refused it", sent: false), cause: nil
    end

    # The caller limits the time for the whole response. These timeouts would start again with each chunk.
    def configure(http)
      http.use_ssl = @address.tls?
      http.open_timeout = nil
      http.read_timeout = nil
      http.write_timeout = nil
      http.keep_alive_timeout = IDLE_SECONDS_MAX
      # Net::HTTP would retry some requests by itself.
      http.max_retries = 0
    end
  end
end
