# frozen_string_literal: true

require_relative "records"

module Octostore
  module Testing
    # Finds the leases of a user.
    #
    # @api private
    class OwnLeases
      # @param leases [Array<Lease>] of all users
      # @param past [Past]
      def initialize(leases, past)
        @leases = leases
        @past = past
      end

      # @param name [String, nil] a lock that it must hold
      # @return [Lease]
      # @raise [Refusal]
      def find(user, id, name)
        found = of(user).select { |lease| lease.id == id && (name.nil? || lease.hold_of(name)) }
        raise Refusal.new(409, "ambiguous_lease_id", "You hold several leases with this lease_id.") if found.size > 1
        return found.first if found.any?

        @past.refuse_broken(user, id)
        raise Refusal.new(404, "lock_not_found", "You do not hold this lock under this lease.")
      end

      # @return [Lease, nil] the lease that a request asks for again; nil if the request is new
      def repeated(user, holds, wish)
        own = of(user).select { |lease| lease.any_of?(holds) }
        return own.find { |lease| lease.same?(holds, wish[:session]) } unless wish[:is_chosen]

        lease = own.find { |one| one.id == wish[:lease_id] }
        return lease if lease.nil? || lease.same?(holds, wish[:session])

        raise Refusal.new(409, "lease_mismatch", "You already use this lease_id for something else.")
      end

      private

      def of(user)
        @leases.select { |lease| lease.user == user }
      end
    end
  end
end
