# frozen_string_literal: true

module Octostore
  # The clock of leases, which no one can set. It counts the time for which the machine was suspended, because leases
  # end meanwhile.
  #
  # @api private
  module Clock
    # CLOCK_BOOTTIME on Linux and wherever else Ruby has it. CLOCK_MONOTONIC counts suspended time on macOS. On systems
    # where it does not, a loss during a suspension is told late.
    ID = defined?(Process::CLOCK_BOOTTIME) ? Process::CLOCK_BOOTTIME : Process::CLOCK_MONOTONIC

    # @return [Float] seconds since some time in the past
    def self.now
      Process.clock_gettime(ID)
    end
  end
end
