# frozen_string_literal: true

require_relative "background"
require_relative "errors"

module Octostore
  # What {Lock} and {Session} have in common: they are kept alive in the background until they are ended or lost. They
  # may be used from many threads. A forked process does not have what its parent has: there they count as lost, and
  # ending them does nothing.
  module Kept
    # Looks at the clock, so that also a program that was paused is told the truth.
    #
    # @return [Boolean] whether it is lost, or may be so in a moment
    def lost?
      @keeper.lost?
    end

    # @return [Numeric] seconds for which it is yours for certain; 0 once it is lost
    def remaining
      @keeper.remaining
    end

    # Calls the block, in a thread of its own, when it is lost, before anybody else can have it; at once if it is lost.
    #
    # @yieldparam loss [LostError] says why
    # @return [nil]
    def on_lost
      @keeper.over.on_set { |loss| Background.run { yield loss } if loss }
      nil
    end

    # Waits until it is lost or ended.
    #
    # @param timeout [Numeric, nil] seconds; nil for as long as it takes
    # @return [Boolean] whether it is lost
    def wait_lost(timeout = nil)
      @keeper.over.wait(timeout)
      lost?
    end

    # @raise [LostError] if it is lost
    # @return [nil]
    def raise_if_lost!
      return unless lost?

      raise @keeper.loss&.dup || LostError.new("#{self} is not held by this process")
    end

    # Ends it and never fails: what cannot be ended comes free when its time is over. Closing it again does nothing.
    #
    # @return [nil]
    def close
      finish_once
    rescue StandardError
      nil
    end

    private

    def finish_once
      return if @keeper.foreign? || !@finished.set

      @keeper.stop
      finish_on_server unless @keeper.gone?
    rescue NotFoundError
      # It had been lost.
    end
  end
end
