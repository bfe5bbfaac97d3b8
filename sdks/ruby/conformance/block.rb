# frozen_string_literal: true

require_relative "protocol"

module Conformance
  # A block that runs until it is ended.
  class Block
    def initialize
      @ends = Queue.new
    end

    def run
      yield
      fails = @ends.pop
      raise ProgramError, fails if fails
    end

    # @param fails [String, nil] what it fails with
    def end(fails)
      @ends << fails
      nil
    end
  end
end
