# frozen_string_literal: true

require_relative "errors"

module Octostore
  # Interrupts a block whose lock is lost.
  #
  # @api private
  module Interruption
    # Passes the lock to the block, and raises {LostError} inside it, wherever it is, when the lock is lost. After this
    # has returned, nothing is raised any more.
    #
    # @param lock [Lock]
    # @return what the block returns
    def self.when_lost(lock, &block)
      thread = Thread.current
      mutex = Mutex.new
      inside = true
      # Outside the block, the exception is held back, so that it cannot hit the lines below.
      Thread.handle_interrupt(LostError => :never) do
        lock.on_lost { |loss| mutex.synchronize { thread.raise(loss.dup) if inside } }
        Thread.handle_interrupt(LostError => :immediate) { block.call(lock) }
      ensure
        mutex.synchronize { inside = false }
      end
    end
  end
end
