# frozen_string_literal: true

require "securerandom"
require_relative "acquisition"
require_relative "background"
require_relative "caller"
require_relative "checks"
require_relative "clock"
require_relative "flag"
require_relative "limits"
require_relative "readers"
require_relative "request"
require_relative "rules"

module Octostore
  # The routes of locks.
  #
  # @api private
  class LockApi
    # @return [Servers]
    def servers
      @caller.servers
    end

    # @param caller [Caller]
    # @param wait_slice [Integer] how long one request waits at most, unless the call says otherwise, in seconds
    def initialize(caller, wait_slice:)
      @caller = caller
      @wait_slice = Checks.wait_slice(wait_slice)
    end

    # @param brief [Boolean] whether giving up makes only one short attempt to release the lease
    # @return [Granted]
    def acquire(name, ttl: Rules::TTL_SECONDS_DEFAULT, wait: 0, wait_slice: nil, lease_id: nil, metadata: nil,
                session_id: nil, stop: Flag.new, brief: false)
      path = path(name, "acquire")
      lease_id ||= SecureRandom.uuid
      body = { ttl_seconds: Checks.ttl(ttl), lease_id:, metadata:, session_id: }
      give_back = -> { release_in_background(name, lease_id, brief ? Limits.brief : Limits::NONE) }
      wait = Wait.new(Checks.wait(wait), Checks.wait_slice(wait_slice || @wait_slice))
      Acquisition.new(@caller, path, body, wait:, stop:, give_back:).run
    end

    # @param timeout [Numeric] timeout of one attempt, in seconds
    # @return [Granted]
    def renew(name, lease_id, ttl, stop: Flag.new, timeout: @caller.timeout)
      result = @caller.call(safe: true, read: Readers.of(:lease), stop:) do
        renewal(name, lease_id, ttl, until_time: Clock.now + timeout)
      end
      Granted.new(result.value, result.sent_at)
    end

    # One attempt at a renewal.
    #
    # @param server [Address]
    # @param until_time [Float] when to stop waiting, on the clock of leases
    # @return [Float] when it was sent, on the clock of leases
    def renew_once(name, lease_id, ttl, server:, until_time:, stop:)
      request = renewal(name, lease_id, ttl, until_time:)
      @caller.attempt(server, read: Readers.of(:lease), stop:) { request }.sent_at
    end

    # @return [nil]
    def release(name, lease_id, limits = Limits::NONE)
      request = Request.new(:post, path(name, "release"), body: { lease_id: })
      @caller.call(safe: true, removes: true, limits:, read: ->(text) { Fields.parse(text).text("status") }) { request }
      nil
    end

    # Prevents a lock from staying held with no one using it.
    def release_in_background(name, lease_id, limits = Limits::NONE)
      Background.run do
        release(name, lease_id, limits)
      rescue Error
        # Its lease expires on its own.
      end
      nil
    end

    # @return [LockStatus]
    def status(name)
      get(path(name), :lock_status)
    end

    # All locks, from every page.
    #
    # @return [Array<HeldLock>]
    def list(prefix: nil, owner: nil)
      locks = []
      cursor = nil
      loop do
        page = get(Request.query("/locks", prefix:, owner:, cursor:), :lock_page)
        locks.concat(page.locks)
        cursor = page.next_cursor
        return locks if cursor.nil?
      end
    end

    # The path parts of a lock. Encodes the whole name, so that a lock named "a/watch" is not mistaken for a watch of
    # "a".
    #
    # @raise [ValidationError] if it is not a lock name
    # @return [String]
    def path(name, *verb)
      Request.path("locks", Checks.name(name), *verb)
    end

    private

    def renewal(name, lease_id, ttl, until_time: nil)
      body = { lease_id:, ttl_seconds: Checks.ttl(ttl) }
      Request.new(:post, path(name, "renew"), body:, until_time:)
    end

    def get(path, reader)
      @caller.call(safe: true, read: Readers.of(reader)) { Request.new(:get, path) }.value
    end
  end
end
