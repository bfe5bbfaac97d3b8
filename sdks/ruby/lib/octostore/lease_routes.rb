# frozen_string_literal: true

require_relative "checks"
require_relative "errors"
require_relative "lock_values"
require_relative "readers"
require_relative "request"

module Octostore
  # The routes of leases of one lock.
  #
  # @api private
  class RoutesOfLock
    # The path of a lock. Encodes the whole name, so that a lock named "a/watch" is not mistaken for a watch of "a".
    #
    # @raise [ValidationError] if it is not a lock name
    # @return [String]
    def self.path(name, *verb)
      Request.path("locks", Checks.name(name), *verb)
    end

    # @param lock [WantedLock]
    # @raise [ValidationError] if its name is not valid
    def initialize(lock)
      @name = Checks.name(lock.name)
      @wanted = lock.to_h.except(:name)
    end

    def acquire(body, until_time:)
      Request.new(:post, RoutesOfLock.path(@name, "acquire"), body: { **body, **@wanted }, until_time:)
    end

    def renew(lease_id, body, until_time: nil)
      Request.new(:post, RoutesOfLock.path(@name, "renew"), body: { lease_id:, **body }, until_time:)
    end

    def release(lease_id)
      Request.new(:post, RoutesOfLock.path(@name, "release"), body: { lease_id: })
    end

    # Reads a lease.
    #
    # @return [Proc]
    def read
      Readers.of(:lease)
    end
  end

  # The routes of leases of several locks. All but `acquire` are for any lease, by its id.
  #
  # @api private
  class RoutesOfLocks
    # @param locks [Array<String, Hash, WantedLock>]
    # @raise [ValidationError] if one of them is not valid
    def initialize(locks = [])
      raise ValidationError, "The locks must be an Array." unless locks.is_a?(Array)

      @locks = locks.map { |lock| wanted(lock).to_h.compact }
    end

    def acquire(body, until_time:)
      raise ValidationError, "There must be at least one lock." if @locks.empty?

      Request.new(:post, "/leases", body: { **body, locks: @locks }, until_time:)
    end

    def renew(lease_id, body, until_time: nil)
      Request.new(:post, Request.path("leases", lease_id, "renew"), body:, until_time:)
    end

    def release(lease_id)
      Request.new(:delete, Request.path("leases", lease_id))
    end

    # Reads a lease.
    #
    # @return [Proc]
    def read
      Readers.of(:whole_lease)
    end

    private

    def wanted(lock)
      lock = WantedLock.new(name: lock) if lock.is_a?(String)
      lock = WantedLock.new(**lock.to_h)
      Checks.name(lock.name)
      lock
    rescue NoMethodError, TypeError, ArgumentError
      raise ValidationError, "A lock must be a name, or a Hash of name, mode, limit and permits.", cause: nil
    end
  end
end
