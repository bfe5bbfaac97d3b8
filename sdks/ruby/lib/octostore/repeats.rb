# frozen_string_literal: true

require_relative "backoff"
require_relative "clock"
require_relative "failures"
require_relative "rules"

module Octostore
  # Whether a call is sent again after a failed attempt, and when.
  #
  # @api private
  class Repeats
    # An attempt that lasted this long, in seconds, has waited in line.
    WAITED_SECONDS_MIN = 1

    NEVER = Float::INFINITY
    private_constant :NEVER

    # @param safe [Boolean] whether it is harmless if the server does this twice
    # @param limits [Limits]
    # @param patient_until [Float] until then it goes on after the usual repeats, and waits for any `Retry-After` that
    #   ends by then
    def initialize(safe:, limits:, patient_until:)
      @safe = safe
      @limits = limits
      @patient_until = patient_until
      @attempts = 0
      @failures = 0
    end

    # @param error [Error] of the attempt
    # @param lasted [Numeric] how many seconds it took
    # @return [Numeric, nil] how many seconds to pause before the next attempt; nil if there is none
    def pause_after(error, lasted)
      @attempts += 1
      @failures = 0 if patient? && lasted >= WAITED_SECONDS_MIN
      @failures += 1
      return unless Failures.repeatable?(error, safe: @safe) && @attempts < @limits.attempts_max

      pause = pause_within(@patient_until - Clock.now, error.retry_after || 0)
      pause if pause < @limits.until_time - Clock.now
    end

    private

    def patient?
      @patient_until > -Float::INFINITY
    end

    def pause_within(patience, retry_after)
      usual = @attempts <= Rules::REPEATS_MAX
      return NEVER unless usual || patience.positive?

      delay = Backoff.delay(@failures)
      delay = [delay, patience].min unless usual
      pause = [delay, retry_after].max
      pause <= [Rules::RETRY_AFTER_MS_MAX / 1000.0, patience].max ? pause : NEVER
    end
  end
end
