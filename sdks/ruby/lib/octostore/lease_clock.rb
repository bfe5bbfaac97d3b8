# frozen_string_literal: true

require_relative "background"
require_relative "clock"

module Octostore
  # The clock that leases are counted on, and what waits for it. A transport can bring another one, which then has the
  # same methods: that of the test double is moved by the test.
  #
  # @api private
  module LeaseClock
    # Waiting threads do not count suspended time, so the clock is looked at that often, in seconds.
    LOOK_SECONDS = 1
    private_constant :LOOK_SECONDS

    class << self
      # The one that the transport brings, if it does.
      #
      # @param transport [#call, nil]
      def of(transport)
        transport.respond_to?(:lease_clock) ? transport.lease_clock : self
      end

      # @return [Float] seconds since some time in the past
      def now
        Clock.now
      end

      # Waits until then, or until the flag is set.
      #
      # @return [Boolean] whether it is set
      def wait(flag, time)
        flag.wait([time - now, LOOK_SECONDS].min) until flag.set? || now >= time
        flag.set?
      end

      # Starts a thread that waits for this clock.
      #
      # @return [Thread]
      def start(&block)
        Background.run(&block)
      end

      # Runs a block that acquires something, and may wait for that.
      def acquiring
        yield
      end
    end
  end
end
