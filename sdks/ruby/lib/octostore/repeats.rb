# frozen_string_literal: true

require_relative "clock"
require_relative "failures"

module Octostore
  # Whether a call is sent again after a failed attempt, and when.
  #
  # @api private
  class Repeats
    # @param route [Route]
    # @param safe [Boolean] whether it is harmless if the server does this twice
    # @param limits [Limits]
    def initialize(route, safe:, limits:)
      @route = route
      @safe = safe
      @limits = limits
      @attempts = 0
    end

    # @param error [Error] of the attempt
    # @param lasted [Numeric] how many seconds it took
    # @return [Numeric, nil] how many seconds to pause before the next attempt; nil if there is none
    def pause_after(error, lasted)
      @attempts += 1
      return unless Failures.repeatable?(error, safe: @safe) && @attempts < @limits.attempts_max

      pause = @route.next(error, lasted)
      pause if pause && pause < @limits.until_time - Clock.now
    end
  end
end
