# frozen_string_literal: true

require_relative "background"
require_relative "lock_values"

module Octostore
  # What is known about the lease of a {Lock}. Renewals update it. It does not refer to the handle, which could then
  # never be garbage-collected.
  #
  # @api private
  class Held
    attr_reader :lease_id, :locks, :fencing_token, :proof, :release_requested

    # @param lease [Lease, WholeLease]
    def initialize(lease)
      @mutex = Mutex.new
      @lease_id = lease.lease_id
      # Grows when a conversion begins and when it ends. A renewal during one may be out of date.
      @conversions = 0
      @listeners = []
      @told = nil
      adopt(lease)
      @proof = lease.proof
      @release_requested = lease.release_requested
    end

    # For messages.
    def to_s
      names = locks.map(&:name).join(", ")
      locks.one? ? "the lock #{names}" : "the lease of #{names}"
    end

    # For the observer.
    def observed
      { locks: locks.map(&:name), fencing_token: }
    end

    # Takes over what the block, a renewal, says.
    #
    # @yieldreturn [Granted]
    # @return [Float] when it was sent, on the clock of leases
    def renewing
      conversions = @conversions
      granted = yield
      @mutex.synchronize do
        adopt(granted.lease) if conversions == @conversions
        @proof = granted.lease.proof
        @release_requested = granted.lease.release_requested
      end
      tell
      granted.sent_at
    end

    # Takes over what the block, a conversion, says.
    #
    # @yieldreturn [Lease]
    def converting
      @mutex.synchronize { @conversions += 1 }
      lease = yield
      @mutex.synchronize { adopt(lease) }
    ensure
      @mutex.synchronize { @conversions += 1 }
    end

    # Calls the listener, in a thread of its own, once for each request to release.
    #
    # @param listener [#call]
    def listen(listener)
      request = @mutex.synchronize do
        @listeners << listener
        @told
      end
      request ? call(listener, request) : tell
    end

    private

    # Servers list the locks of a lease of one lock only if it is asked for by its id.
    def adopt(lease)
      @locks = (lease.locks || [LeaseLock.new(**lease.to_h.slice(*LeaseLock.members))]).freeze
      @fencing_token = lease.fencing_token
    end

    # The server shows a request at every renewal.
    def tell
      request, listeners = @mutex.synchronize do
        next if @release_requested.nil? || @release_requested == @told || @listeners.empty?

        [@told = @release_requested, @listeners.dup]
      end
      listeners&.each { |listener| call(listener, request) }
    end

    def call(listener, request)
      Background.run { listener.call(request) }
    end
  end
end
