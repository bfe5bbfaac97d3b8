# frozen_string_literal: true

module Octostore
  # The monotonic clock, which no one can set.
  #
  # @api private
  module Clock
    # @return [Float] seconds since some time in the past
    def self.now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end
end
