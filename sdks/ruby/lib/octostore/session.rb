# frozen_string_literal: true

require_relative "flag"
require_relative "forgotten"
require_relative "keeper"
require_relative "kept"
require_relative "observer"

module Octostore
  # A session that is kept alive in the background until it is ended or lost. All locks held in it end with it. Created
  # by {Client#open_session}.
  class Session
    include Kept

    # @return [String]
    attr_reader :session_id
    # Keeps the session alive. The locks held in it need this.
    #
    # @api private
    # @return [Keeper]
    attr_reader :keeper

    # Creates a session and keeps it alive.
    #
    # @api private
    # @param api [SessionApi]
    # @param timeout [Numeric] timeout of one attempt, in seconds
    def self.open(api, ttl:, timeout:)
      created = api.create(ttl)
      begin
        session = new(api, created.value.session_id, ttl:, timeout:, proved_at: created.sent_at)
      ensure
        # Whatever ends this: no one else knows of the session.
        api.finish_in_background(created.value.session_id) if session.nil?
      end
    end

    # What the observer learns of a session. Does not refer to the handle.
    Subject = Struct.new(:session_id) do
      def observed
        { locks: [], session_id: }
      end

      def to_s
        "the session #{session_id}"
      end
    end
    private_constant :Subject

    # @api private
    def initialize(api, session_id, **keeping)
      @api = api
      @session_id = session_id
      @finished = Flag.new
      @observed = Observed.new(api.observer, Subject.new(session_id))
      @observed.tell("acquired")
      @keeper = Session.keeper(api, session_id, observed: @observed, **keeping)
      Forgotten.expect_end(self, @keeper)
    end

    # Must not refer to the handle, which could then never be garbage-collected.
    #
    # @api private
    # @return [Keeper]
    def self.keeper(api, session_id, **keeping)
      Keeper.new(what: "the session #{session_id}", servers: api.servers, clock: api.clock, **keeping) do |sending|
        api.keepalive_once(session_id, **sending)
      end
    end

    # Ends the session and releases its locks. It is not an error if the session was already lost, and ending it again
    # does nothing.
    #
    # @raise [Error] if the server cannot be reached; the session then expires on its own
    # @return [nil]
    def finish
      finish_once
    end

    # For logs and debugging.
    def inspect
      "#<#{self.class} #{session_id} (#{left_text})>"
    end
    alias to_s inspect

    private

    def finish_on_server(limits)
      @api.finish(session_id, limits)
    end
  end
end
