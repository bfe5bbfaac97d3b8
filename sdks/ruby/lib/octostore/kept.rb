# frozen_string_literal: true

require_relative "background"
require_relative "clock"
require_relative "errors"
require_relative "limits"

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
    def on_lost(&listener)
      @keeper.over.on_set(&Kept.telling(listener))
      nil
    end

    # Does not refer to the handle, which the keeper would otherwise keep alive.
    #
    # @api private
    # @return [Proc]
    def self.telling(listener)
      proc { |loss| Background.run { listener.call(loss) } if loss }
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

    # How it was lost; nil if it is not, or belongs to a parent process.
    #
    # @api private
    # @return [LostError, nil]
    def loss
      @keeper.loss if @keeper.lost? && !@keeper.foreign?
    end

    # Ends it, in no more time than is left of it. Never fails: if it cannot be ended, it expires on its own. Closing it
    # again does nothing.
    #
    # @return [nil]
    def close
      close_within(Float::INFINITY)
    end

    # @api private
    # @param until_time [Float] when it must have returned, on the clock of leases
    # @return [nil]
    def close_within(until_time)
      finish_once(until_time)
    rescue StandardError
      nil
    end

    private

    def finish_once(until_time = Float::INFINITY)
      return if @keeper.foreign? || !@finished.set

      lost = @keeper.lost?
      ends_at = Clock.now + @keeper.remaining
      @keeper.stop
      return if @keeper.gone?
      return finish_in_background if lost

      finish_in_time([ends_at, until_time].min)
    end

    def finish_in_time(until_time)
      finish_on_server(Limits.new(until_time:))
      @observed.tell("released")
    rescue NotFoundError => e
      # It was already lost.
      @observed.tell("released", e)
    rescue StandardError => e
      @observed.tell("released", e)
      raise
    end

    # It ends by itself, so no one needs to wait for the answer.
    def finish_in_background
      Background.run do
        finish_on_server(Limits.brief)
      rescue Error
        # Its time is up anyway.
      end
      nil
    end

    # For text forms: how much is left.
    def left_text
      return "lost" if lost?

      @finished.set? ? "closed" : format("%.1f s left", remaining)
    end
  end
end
