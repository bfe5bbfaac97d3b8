# frozen_string_literal: true

require_relative "readers"
require_relative "request"

module Octostore
  # Your leases by their ids, whatever they lock, see {Client#leases}. Each call raises {NotFoundError} if you have no
  # such lease, and {ValidationError} with the code `ambiguous_lease_id` if you chose one id for several.
  class OwnLeases
    # @param caller [Caller]
    # @param leases [Leases] of several locks
    def initialize(caller, leases)
      @caller = caller
      @leases = leases
    end

    # @param lease_id [String]
    # @return [WholeLease] with all its locks
    def get(lease_id)
      request = Request.new(:get, Request.path("leases", lease_id))
      @caller.call(safe: true, read: Readers.of(:whole_lease)) { request }.value
    end

    # Renews a lease with all its locks, so that it ends that many seconds from now.
    #
    # @param lease_id [String]
    # @param ttl [Integer] seconds, from 1 to 3600
    # @param proof [Boolean] whether you want a new proof
    # @return [WholeLease]
    def renew(lease_id, ttl:, proof: false)
      @leases.renew(lease_id, ttl, proof:).lease
    end

    # Releases all locks of a lease.
    #
    # @param lease_id [String]
    # @return [nil]
    def release(lease_id)
      @leases.release(lease_id)
    end
  end
end
