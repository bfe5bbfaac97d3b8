# frozen_string_literal: true

require_relative "background"
require_relative "errors"

module Octostore
  # What {Lock} and {Session} have in common: they are renewed in the background until you close or lose them. They are
  # thread-safe. A forked process does not have its parent's: there they count as lost, and ending them does nothing.
  module Kept
    # Checks the clock, so it is correct even right after the program was paused.
    #
    # @return [Boolean] whether it is lost, or may be in a moment
    def lost?
      @keeper.lost?
    end

    # @return [Numeric] seconds for which it is certain to be yours; 0 once it is lost
    def remaining
      @keeper.remaining
    end

    # Calls the block, in a thread of its own, when it is lost, before anyone else can get it. Calls it immediately if
    # it is already lost.
    #
    # @yieldparam loss [LostError] says why
    # @return [nil]
    def on_lost
      @keeper.over.on_set { |loss| Background.run { yield loss } if loss }
      nil
    end

    # Waits until it is lost or ended.
    #
    # @param timeout [Numeric, nil] seconds; nil for no limit
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

    # Ends it. Never fails: if it cannot be ended, it expires on its own. Closing it again does nothing.
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
      # It was already lost.
    end
  end
end
