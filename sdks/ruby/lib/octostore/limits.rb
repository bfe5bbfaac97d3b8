# frozen_string_literal: true

require_relative "clock"
require_relative "rules"

module Octostore
  # Limits of all attempts of a call together.
  #
  # @api private
  class Limits
    # @return [Float] when all attempts and pauses must have ended, on the clock of leases
    attr_reader :until_time
    # @return [Numeric] how many times it is sent, at most
    attr_reader :attempts_max

    def initialize(until_time: Float::INFINITY, attempts_max: Float::INFINITY)
      @until_time = until_time
      @attempts_max = attempts_max
      freeze
    end

    NONE = new

    # One short attempt, for what ends by itself anyway.
    #
    # @return [Limits]
    def self.brief
      new(until_time: Clock.now + (Rules::CLOSE_MS_MAX_WHEN_LOST / 1000.0), attempts_max: 1)
    end
  end
end
