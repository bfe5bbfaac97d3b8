# frozen_string_literal: true

module Octostore
  # The calls of a {Client} about locks that others hold or wait for.
  module Interventions
    # The line of a lock.
    #
    # @return [LockQueue]
    def queue(name)
      @locks.queue(name)
    end

    # Gives up a place in the line of a lock.
    #
    # @param lease_id [String] of the acquire
    # @return [nil]
    # @raise [NotFoundError] if you have no such place
    def leave_queue(name, lease_id)
      @locks.leave_queue(name, lease_id)
    end

    # Asks the holders of a lock to release it. They learn of it when they next renew their leases, and decide what to
    # do. See {Lock#on_release_requested}.
    #
    # @param message [String, nil] what you want to say to them, at most 256 characters
    # @return [nil]
    # @raise [NotFoundError] if no one holds the lock
    def request_release(name, message: nil)
      @locks.request_release(name, message)
    end

    # Ends all leases of a lock, also those of others. For administrators, and for users to whom the access policy
    # grants it. The former holders may still be working: only the fencing token keeps them from doing harm.
    #
    # @param reason [String] what the holders and everyone who watches learn, 1 to 256 characters
    # @param fencing_token [Integer, nil] of the lease to end; all by default
    # @return [LockBreak]
    # @raise [PermissionError] if you are not allowed to do this
    # @raise [NotFoundError] if there is no such lease
    def break_lock(name, reason:, fencing_token: nil)
      @locks.break_lock(name, reason, fencing_token)
    end
  end
end
