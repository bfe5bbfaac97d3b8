# frozen_string_literal: true

require_relative "errors"

module Octostore
  # Uses something that must be closed.
  #
  # @api private
  module Scope
    # Opens something, passes it to the block, and closes it, however the block ends.
    #
    # @param open [#call]
    # @return what the block returns
    def self.with(open)
      thing = nil
      opened(open) { |new_one| thing = new_one }
      yield thing
    ensure
      thing&.close
    end

    # The same with a lock, whose loss while the block ran is an error.
    #
    # @param open [#call]
    # @raise [LockLostError] if the lock was lost and the block has not failed
    # @return what the block returns
    def self.with_lock(open)
      lock = result = failed = nil
      opened(open) { |new_one| lock = new_one }
      result = yield lock
    rescue Exception => e # rubocop:disable Lint/RescueException
      failed = true
      raise_with_loss(e, lock)
    ensure
      loss = lock&.loss
      lock&.close
      # Also when the block was left by `break`, `return` or `throw`, but not when its thread is killed.
      raise LockLostError.new(lock.name, loss, result), cause: loss if loss && !failed && !killed?
    end

    class << self
      private

      # An exception from another thread, such as Timeout's, may arrive while we wait for the server, but not between
      # its response and the assignment in the block. Otherwise the new lock or session would stay open with no one
      # knowing about it.
      def opened(open)
        Thread.handle_interrupt(Object => :on_blocking) { yield open.call }
      end

      # With the loss as its cause, unless it has another one or says so itself.
      def raise_with_loss(error, lock)
        loss = lock&.loss
        raise error if loss.nil? || error.cause || error.is_a?(LostError)

        raise error, cause: loss
      end

      def killed?
        Thread.current.status == "aborting"
      end
    end
  end
end
