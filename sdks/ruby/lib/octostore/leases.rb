# frozen_string_literal: true

require "securerandom"
require_relative "acquisition"
require_relative "background"
require_relative "caller"
require_relative "checks"
require_relative "flag"
require_relative "lease_routes"
require_relative "limits"
require_relative "readers"
require_relative "request"
require_relative "rules"

module Octostore
  # Acquires, renews and releases leases, of one lock or of several.
  #
  # @api private
  class Leases
    # The pauses before attempts to release a lease that the server does not know, or not yet, in seconds.
    RELEASE_DELAYS = [
      0, Rules::RELEASE_AGAIN_DELAY_MS_FIRST / 1000.0, Rules::RELEASE_AGAIN_DELAY_MS_SECOND / 1000.0
    ].freeze

    # @param caller [Caller]
    # @param routes [RoutesOfLock, RoutesOfLocks]
    # @param wait_slice [Integer] how long one request waits at most, unless the call says otherwise, in seconds
    def initialize(caller, routes, wait_slice:)
      @caller = caller
      @routes = routes
      @wait_slice = wait_slice
    end

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

    # @param brief [Boolean] whether giving up makes only one short attempt to release the lease
    # @return [Granted]
    def acquire(ttl: Rules::TTL_SECONDS_DEFAULT, wait: 0, wait_slice: nil, lease_id: nil, stop: Flag.new, brief: false,
                **body)
      lease_id ||= SecureRandom.uuid
      body = { ttl_seconds: Checks.ttl(ttl), lease_id:, **wishes(ttl, **body) }
      give_back = -> { release_in_background(lease_id, brief:) }
      wait = Wait.new(Checks.wait(wait), Checks.wait_slice(wait_slice || @wait_slice))
      Acquisition.new(@caller, @routes, body, wait:, stop:, give_back:).run
    end

    # @param timeout [Numeric] timeout of one attempt, in seconds
    # @return [Granted]
    def renew(lease_id, ttl, proof: false, stop: Flag.new, timeout: @caller.timeout)
      body = renewal(ttl, proof)
      result = @caller.call(safe: true, read: @routes.read, stop:) do
        @routes.renew(lease_id, body, until_time: Clock.now + timeout)
      end
      Granted.new(result.value, result.sent_at)
    end

    # One attempt at a renewal.
    #
    # @param server [Address]
    # @param until_time [Float] when to stop waiting, on the clock of leases
    # @return [Granted]
    def renew_once(lease_id, ttl, server:, until_time:, stop:, proof: false)
      request = @routes.renew(lease_id, renewal(ttl, proof), until_time:)
      result = @caller.attempt(server, read: @routes.read, stop:) { request }
      Granted.new(result.value, result.sent_at)
    end

    # @return [nil]
    def release(lease_id, limits = Limits::NONE)
      request = @routes.release(lease_id)
      @caller.call(safe: true, removes: true, limits:, read: Readers.method(:status)) { request }
      nil
    end

    # Prevents a lock from staying held with no one using it.
    #
    # @param brief [Boolean] whether each release is only one short attempt
    def release_in_background(lease_id, brief: false)
      Background.run do
        RELEASE_DELAYS.each do |seconds|
          sleep(seconds)
          break unless overtaken?(lease_id, brief ? Limits.brief : Limits::NONE)
        end
      end
      nil
    end

    # Holds one lock of a lease in another mode. If the lease already does, nothing changes.
    #
    # @return [Lease]
    def convert(name, lease_id, mode)
      request = Request.new(:post, RoutesOfLock.path(name, "convert"), body: { lease_id:, mode: })
      @caller.call(safe: true, read: Readers.of(:lease)) { request }.value
    end

    private

    # Releases a lease. Whether the server did not know it: the acquire's connection is a different one.
    def overtaken?(lease_id, limits)
      release(lease_id, limits)
      false
    rescue NotFoundError
      true
    rescue Error
      # Its lease expires on its own.
      false
    end

    # Servers of version 1.0 refuse `proof`, so it is sent only if it is needed.
    def renewal(ttl, proof)
      { ttl_seconds: Checks.ttl(ttl), proof: proof || nil }
    end

    def wishes(ttl, metadata: nil, session_id: nil, lock_delay: nil, min_hold: nil, proof: false)
      {
        metadata:,
        session_id:,
        lock_delay_seconds: Checks.lock_delay(lock_delay),
        min_hold_seconds: Checks.min_hold(min_hold, ttl),
        proof: proof || nil
      }
    end
  end
end
