# frozen_string_literal: true

require_relative "protocol"

module Conformance
  # A function that gives one token after the other, then the last one again and again, or an error.
  class GivenTokens
    # @param fails [String, nil] the message of the error
    # @param delay_ms [Integer] how long it takes
    def initialize(tokens:, fails: nil, delay_ms: 0)
      @tokens = tokens
      @fails = fails
      @delay = delay_ms / 1000.0
    end

    def call
      sleep @delay
      return @tokens.shift if @tokens.size > 1 || (@fails && @tokens.any?)

      @tokens.first || raise(ProgramError, @fails)
    end
  end
end
