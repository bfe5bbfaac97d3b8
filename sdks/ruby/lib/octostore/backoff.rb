# frozen_string_literal: true

require_relative "rules"

module Octostore
  # How long to pause between attempts.
  #
  # @api private
  module Backoff
    # Random between 0 and a bound that doubles with each failure, so that many clients spread out, but never less than
    # the server asked for.
    #
    # @param failures [Integer] how many attempts have failed, from 1
    # @param retry_after [Numeric, nil] seconds that the server asked for
    # @return [Numeric] seconds
    def self.delay(failures, retry_after = nil)
      # The exponent is bounded, so that the number does not keep growing while a server is away.
      doublings = [failures - 1, Rules::REPEAT_DELAY_MS_MAX.bit_length].min
      bound = [Rules::REPEAT_DELAY_MS_MAX, Rules::REPEAT_DELAY_MS_FIRST * (2**doublings)].min
      [retry_after || 0, rand * bound / 1000].max
    end
  end
end
