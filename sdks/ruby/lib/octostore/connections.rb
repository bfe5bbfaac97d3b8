# frozen_string_literal: true

require "net/http"
require "openssl"
require_relative "clock"
require_relative "errors"

module Octostore
  # Connections to one server, of which some are kept for the next request. For use by many threads.
  #
  # @api private
  class Connections
    # Seconds for which an idle connection is kept; servers and what stands before them close theirs after a minute or
    # so.
    IDLE_SECONDS_MAX = 30
    # How many idle connections are kept.
    IDLE_MAX = 8

    Idle = Struct.new(:http, :since)
    private_constant :Idle

    # @param address [Address]
    def initialize(address)
      @address = address
      @mutex = Mutex.new
      @idle = []
      @process = Process.pid
    end

    # Passes a connection to a block. If that ends well the connection is kept, else it is closed.
    #
    # @param fresh [Boolean] whether it must be a new one: a kept one may turn out to have been closed by the server
    #   only when the request has been written, and then nobody knows whether the server has got that
    # @raise [NetworkError] if there is none to be had
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

    # A forked process has its parent's sockets. Closing them would say goodbye in the parent's name.
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
      Net::HTTP.new(@address.host, @address.port).tap { |http| configure(http) }.start
    rescue SystemCallError, SocketError, IOError, OpenSSL::SSL::SSLError => e
      raise NetworkError.new("no connection: #{e.message}", sent: false)
    rescue Net::ProtocolError
      # The message of such an error quotes what came, which may be anything.
      raise NetworkError.new("no connection: the proxy refused it", sent: false), cause: nil
    end

    # Whoever waits for the answer keeps the time, over all of it; these would count anew with each piece.
    def configure(http)
      http.use_ssl = @address.tls?
      http.open_timeout = nil
      http.read_timeout = nil
      http.write_timeout = nil
      http.keep_alive_timeout = IDLE_SECONDS_MAX
      # Net::HTTP would repeat some requests by itself.
      http.max_retries = 0
    end
  end
end
