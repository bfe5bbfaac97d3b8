# frozen_string_literal: true

require_relative "caller"
require_relative "checks"
require_relative "lease_routes"
require_relative "leases"
require_relative "readers"
require_relative "request"

module Octostore
  # The routes of locks and of their lines.
  #
  # @api private
  class LockApi
    # @param caller [Caller]
    # @param wait_slice [Integer] how long one request waits at most, unless the call says otherwise, in seconds
    def initialize(caller, wait_slice:)
      @caller = caller
      @wait_slice = Checks.wait_slice(wait_slice)
    end

    # @return [Leases] of a lock
    def leases(name, **kind)
      Leases.new(@caller, RoutesOfLock.new(WantedLock.new(name:, **kind)), wait_slice: @wait_slice)
    end

    # @return [Leases] of several locks
    def leases_of_all(locks)
      Leases.new(@caller, RoutesOfLocks.new(locks), wait_slice: @wait_slice)
    end

    # @return [LockStatus]
    def status(name)
      get(RoutesOfLock.path(name), :lock_status)
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

    # @return [LockQueue]
    def queue(name)
      get(Request.path("queues", Checks.name(name)), :lock_queue)
    end

    # @return [nil]
    def leave_queue(name, lease_id)
      request = Request.new(:delete, Request.path("queues", Checks.name(name), lease_id))
      @caller.call(safe: true, removes: true, read: Readers.method(:status)) { request }
      nil
    end

    # Safe to repeat: a second request replaces the first.
    #
    # @return [nil]
    def request_release(name, message)
      request = Request.new(:post, RoutesOfLock.path(name, "request-release"), body: { message: })
      @caller.call(safe: true, read: Readers.method(:status)) { request }
      nil
    end

    # By the time it is repeated, someone else could hold the lock.
    #
    # @return [LockBreak]
    def break_lock(name, reason, fencing_token)
      body = { reason:, fencing_token: fencing_token && Checks.fencing_token(fencing_token) }
      request = Request.new(:post, RoutesOfLock.path(name, "break"), body:)
      @caller.call(safe: false, read: Readers.of(:lock_break)) { request }.value
    end

    private

    def get(path, reader)
      @caller.call(safe: true, read: Readers.of(reader)) { Request.new(:get, path) }.value
    end
  end
end
