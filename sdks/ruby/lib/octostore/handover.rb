# frozen_string_literal: true

require_relative "clock"

module Octostore
  # Passes things from one thread to another, in order, and no faster than they are taken.
  #
  # @api private
  class Handover
    # How many things can be waiting.
    ROOM = 16

    def initialize
      @mutex = Mutex.new
      @changed = ConditionVariable.new
      @items = []
      @failure = nil
    end

    # Waits while it is full. Anything put after {#abort} is discarded.
    def put(item)
      @mutex.synchronize do
        @changed.wait(@mutex) while @items.size >= ROOM && @failure.nil?
        @items << item
        @changed.broadcast
      end
    end

    # @param until_time [Float] when to stop waiting, on the clock of leases
    # @return [Object, nil] the next thing; nil if none arrived in time
    # @raise the next thing, if it is an exception, or the error passed to {#abort}
    def take(until_time)
      item = @mutex.synchronize do
        await_something(until_time)
        raise @failure if @failure

        @items.shift.tap { @changed.broadcast }
      end
      item.is_a?(Exception) ? raise(item) : item
    end

    # Makes {#take} raise the error from now on.
    def abort(error)
      @mutex.synchronize do
        @failure ||= error
        @changed.broadcast
      end
    end

    private

    def await_something(until_time)
      while @items.empty? && @failure.nil?
        left = until_time - Clock.now
        break if left <= 0

        @changed.wait(@mutex, left)
      end
    end
  end
end
