# frozen_string_literal: true

require_relative "flag"
require_relative "keeper"
require_relative "kept"

module Octostore
  # A session that is kept alive in the background until it is ended or lost. The locks that are held in it end with it.
  # Made by {Client#open_session}.
  class Session
    include Kept

    # @return [String]
    attr_reader :session_id
    # What keeps it alive, for the locks that are held in it.
    #
    # @api private
    # @return [Keeper]
    attr_reader :keeper

    # Creates a session and keeps it alive.
    #
    # @api private
    # @param api [SessionApi]
    # @param timeout [Numeric] seconds for one attempt
    def self.open(api, ttl:, timeout:)
      created = api.create(ttl)
      new(api, created.value.session_id, ttl:, timeout:, proved_at: created.sent_at)
    end

    # @api private
    def initialize(api, session_id, **keeping)
      @api = api
      @session_id = session_id
      @finished = Flag.new
      @keeper = Keeper.new(what: "the session #{session_id}", **keeping) do |until_time, stop|
        api.keepalive_once(session_id, until_time:, stop:)
      end
    end

    # Ends the session and frees its locks. That it had been lost is no error, and ending it again does nothing.
    #
    # @raise [Error] if the server cannot be told; the session ends when its time is over
    # @return [nil]
    def finish
      finish_once
    end

    # For people.
    def inspect
      "#<#{self.class} #{session_id}>"
    end
    alias to_s inspect

    private

    def finish_on_server
      @api.finish(session_id)
    end
  end
end
