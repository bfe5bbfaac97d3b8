# frozen_string_literal: true

require_relative "clock"
require_relative "flag"
require_relative "forgotten"
require_relative "keeper"
require_relative "kept"
require_relative "rules"

module Octostore
  # A lock that you hold. It is renewed in the background until it is released or lost. Created by {Client#hold}.
  class Lock
    include Kept

    # @return [String]
    attr_reader :name
    # @return [String] proves that you hold the lock
    attr_reader :lease_id
    # Send it with every write to what the lock protects, which must refuse any token lower than the highest it has
    # seen.
    #
    # @return [Integer]
    attr_reader :fencing_token

    # Renews the lock.
    #
    # @api private
    # @return [Keeper]
    attr_reader :keeper

    class << self
      # Acquires a lock and keeps renewing it.
      #
      # @api private
      # @param api [LockApi]
      # @param timeout [Numeric] timeout of one attempt, in seconds
      # @param options the options of {LockApi#acquire}
      def hold(api, name, ttl:, timeout:, session: nil, stop: Flag.new, **options)
        granted = api.acquire(name, ttl:, session_id: session&.session_id, stop:, **options)
        granted = freshened(api, granted, ttl, stop, Keeper.timeout(ttl, timeout))
        new(api, granted, session, ttl:, timeout:)
      end

      # Must not refer to the handle, which could then never be garbage-collected.
      #
      # @api private
      # @return [Keeper]
      def keeper(api, granted, ttl:, **keeping)
        lease = granted.lease
        what = "the lock #{lease.name}"
        Keeper.new(what:, ttl:, proved_at: granted.sent_at, servers: api.servers, **keeping) do |sending|
          api.renew_once(lease.name, lease.lease_id, ttl, **sending)
        end
      end

      private

      # The lease began some time after its request was sent. If that was long ago, this renews it and counts from the
      # renewal.
      def freshened(api, granted, ttl, stop, timeout)
        lease = granted.lease
        return granted if Clock.now - granted.sent_at < ttl.fdiv(Rules::RENEWALS_PER_TTL)

        begin
          renewed = api.renew(lease.name, lease.lease_id, ttl, stop:, timeout:)
        ensure
          api.release_in_background(lease.name, lease.lease_id) if renewed.nil?
        end
      end
    end

    # @api private
    def initialize(api, granted, session, **keeping)
      lease = granted.lease
      @api = api
      # So that it is not garbage-collected, which would end it.
      @session = session
      @name = lease.name
      @lease_id = lease.lease_id
      @fencing_token = lease.fencing_token
      @finished = Flag.new
      @keeper = Lock.keeper(api, granted, within: session&.keeper, **keeping)
      Forgotten.expect_end(self, @keeper)
    end

    # Releases the lock. It is not an error if the lock was already lost, and releasing it again does nothing.
    #
    # @raise [Error] if the server cannot be reached; the lease then expires on its own
    # @return [nil]
    def release
      finish_once
    end

    # For logs and debugging.
    def inspect
      "#<#{self.class} #{name} fencing_token=#{fencing_token} (#{left_text})>"
    end
    alias to_s inspect

    private

    def finish_on_server(limits)
      @api.release(name, lease_id, limits)
    end
  end
end
