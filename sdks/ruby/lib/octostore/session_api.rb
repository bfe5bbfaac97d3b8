# frozen_string_literal: true

require_relative "background"
require_relative "checks"
require_relative "errors"
require_relative "limits"
require_relative "readers"
require_relative "request"

module Octostore
  # The routes of sessions.
  #
  # @api private
  class SessionApi
    # @return [Servers]
    def servers
      @caller.servers
    end

    # @return [LeaseClock]
    def clock
      @caller.clock
    end

    # @return [#call, nil]
    def observer
      @caller.observer
    end

    # @param caller [Caller]
    def initialize(caller)
      @caller = caller
    end

    # @return [Caller::Result] of a {CreatedSession}
    def create(ttl)
      request = Request.new(:post, "/sessions", body: { ttl_seconds: Checks.session_ttl(ttl) })
      @caller.call(safe: false, read: Readers.of(:created_session)) { request }
    end

    # @return [KeptSession]
    def keepalive(session_id)
      request = keepalive_request(session_id)
      @caller.call(safe: true, read: Readers.of(:kept_session)) { request }.value
    end

    # One attempt at a keepalive.
    #
    # @param server [Address]
    # @param until_time [Float] when to stop waiting, on the clock of leases
    # @return [Float] when it was sent, on the clock of leases
    def keepalive_once(session_id, server:, until_time:, stop:)
      request = keepalive_request(session_id, until_time:)
      @caller.attempt(server, read: Readers.of(:kept_session), stop:) { request }.sent_at
    end

    # @return [SessionStatus]
    def status(session_id)
      request = Request.new(:get, Request.path("sessions", session_id))
      @caller.call(safe: true, read: Readers.of(:session_status)) { request }.value
    end

    # @return [nil]
    def finish(session_id, limits = Limits::NONE)
      request = Request.new(:delete, Request.path("sessions", session_id))
      @caller.call(safe: true, removes: true, limits:, read: Readers.method(:nothing)) { request }
      nil
    end

    # @return [nil]
    def finish_in_background(session_id)
      Background.run do
        finish(session_id)
      rescue Error
        # It expires on its own.
      end
      nil
    end

    private

    def keepalive_request(session_id, until_time: nil)
      Request.new(:post, Request.path("sessions", session_id, "keepalive"), until_time:)
    end
  end
end
