# frozen_string_literal: true

require_relative "errors"
require_relative "flag"
require_relative "forgotten"
require_relative "held"
require_relative "keeper"
require_relative "kept"
require_relative "observer"
require_relative "rules"

module Octostore
  # One lock that you hold, or several under one lease. Renewed in the background until it is released or lost. Created
  # by {Client#hold} and {Client#hold_all}.
  class Lock
    include Kept

    # Renews the lock.
    #
    # @api private
    # @return [Keeper]
    attr_reader :keeper

    class << self
      # Acquires a lock and keeps renewing it.
      #
      # @api private
      # @param leases [Leases]
      # @param timeout [Numeric] timeout of one attempt, in seconds
      # @param options the options of {Leases#acquire}
      def hold(leases, ttl:, timeout:, session: nil, stop: Flag.new, proof: false, **options)
        granted = leases.acquire(ttl:, session_id: session&.session_id, stop:, proof:, **options)
        begin
          fresh = freshened(leases, granted, ttl, stop, timeout: Keeper.timeout(ttl, timeout), proof:)
          lock = new(leases, fresh, session, ttl:, timeout:, proof:)
        ensure
          # Whatever ends this: otherwise the lock would stay held with no one using it.
          leases.release_in_background(granted.lease.lease_id) if lock.nil?
        end
      end

      # Must not refer to the handle, which could then never be garbage-collected.
      #
      # @api private
      # @return [Keeper]
      def keeper(leases, held, proved_at, ttl:, proof:, **keeping)
        Keeper.new(what: held.to_s, ttl:, proved_at:, servers: leases.servers, clock: leases.clock,
                   **keeping) do |sending|
          held.renewing { leases.renew_once(held.lease_id, ttl, proof:, **sending) }
        end
      end

      private

      # The lease began some time after its request was sent. If that was long ago, this renews it and counts from the
      # renewal.
      def freshened(leases, granted, ttl, stop, **renewal)
        return granted if leases.clock.now - granted.sent_at < ttl.fdiv(Rules::RENEWALS_PER_TTL)

        leases.renew(granted.lease.lease_id, ttl, stop:, **renewal)
      end
    end

    # @api private
    def initialize(leases, granted, session, **keeping)
      @leases = leases
      # So that it is not garbage-collected, which would end it.
      @session = session
      @held = Held.new(granted.lease)
      @finished = Flag.new
      @observed = Observed.new(leases.observer, @held)
      @observed.tell("acquired")
      @keeper = Lock.keeper(leases, @held, granted.sent_at, within: session&.keeper, observed: @observed, **keeping)
      Forgotten.expect_end(self, @keeper)
    end

    # @return [String] the name of the lock; of the first, if you hold several
    def name
      locks.first.name
    end

    # @return [String] proves that you hold the lock
    def lease_id
      @held.lease_id
    end

    # Send it with every write to what the lock protects, which must refuse any token lower than the highest it has
    # seen. It changes only if you convert a lock to "exclusive".
    #
    # @return [Integer]
    def fencing_token
      @held.fencing_token
    end

    # @return [Array<LeaseLock>] all locks that you hold, in the order in which you asked for them
    def locks
      @held.locks
    end

    # @return [Array<Integer>] the numbers of your permits, if the lock is counted; of the first lock, if you hold
    #   several
    def slots
      locks.first.slots || []
    end

    # Shows others that you hold the locks, until it expires. Each renewal replaces it, so read it each time that you
    # need it. After a conversion it describes the lock as it was, until the next renewal.
    #
    # @return [String, nil] a JSON Web Token; nil unless you asked for a proof
    def proof
      @held.proof
    end

    # @return [ReleaseRequest, nil] the latest request of someone else to release a lock that you hold, as of the last
    #   renewal
    def release_requested
      @held.release_requested
    end

    # Calls the block, in a thread of its own, once for each request of someone else to release a lock that you hold.
    # You learn of it with the next renewal, within a third of the TTL, and decide what to do.
    #
    # @yieldparam request [ReleaseRequest]
    # @return [nil]
    def on_release_requested(&listener)
      @held.listen(listener)
      nil
    end

    # Holds a lock in another mode, without letting go of it. If you already do, nothing changes.
    #
    # "shared" always succeeds, and lets waiting readers in. "exclusive" succeeds only if no one else holds the lock,
    # ahead of everyone in line; you then get a new `fencing_token`, for all locks of the handle. If the outcome is
    # unknown, after a {NetworkError} for example, the next renewal updates `locks` and `fencing_token`.
    #
    # @param mode ["exclusive", "shared"]
    # @param name [String, nil] which lock, if you hold several; the first by default
    # @raise [LockHeldError] if it is to be exclusive and others hold it too; this does not wait for them
    # @raise [ValidationError] if the lock is counted, or the handle does not hold it
    # @raise [NotFoundError] if it is lost
    # @return [nil]
    def convert(mode, name: nil)
      raise_if_lost! if @keeper.foreign?
      name ||= self.name
      unless locks.any? { |lock| lock.name == name }
        raise ValidationError, "The handle does not hold this lock. It holds #{locks.map(&:name).join(", ")}."
      end

      @held.converting { @leases.convert(name, lease_id, mode) }
      nil
    rescue NotFoundError => e
      @keeper.lose_by_answer(e)
      raise
    end

    # Releases every lock. It is not an error if the lock was already lost, and releasing it again does nothing.
    #
    # @raise [Error] if the server cannot be reached; the lease then expires on its own
    # @return [nil]
    def release
      finish_once
    end

    # For logs and debugging.
    def inspect
      "#<#{self.class} #{locks.map(&:name).join(", ")} fencing_token=#{fencing_token} (#{left_text})>"
    end
    alias to_s inspect

    private

    def finish_on_server(limits)
      @leases.release(lease_id, limits)
    end
  end
end
