# frozen_string_literal: true

require_relative "../checks"
require_relative "records"

module Octostore
  module Testing
    # Refuses requests that are not valid, as the server does.
    #
    # @api private
    module Validation
      FENCING_TOKENS = (1..((2**53) - 1))
      LIMITS = (1..10_000)
      LOCKS = (1..32)
      private_constant :FENCING_TOKENS, :LIMITS, :LOCKS

      class << self
        # @return [Integer]
        def integer(body, name, allowed, default = nil)
          value = body[name].nil? ? default : body[name]
          return value if value.is_a?(Integer) && (value == default || allowed.cover?(value))

          refuse("#{name} must be an integer from #{allowed.begin} to #{allowed.end}")
        end

        def ttl(body)
          integer(body, "ttl_seconds", Rules::TTL_SECONDS_MIN..Rules::TTL_SECONDS_MAX)
        end

        def session_ttl(body)
          allowed = Rules::SESSION_TTL_SECONDS_MIN..Rules::SESSION_TTL_SECONDS_MAX
          integer(body, "ttl_seconds", allowed, Rules::SESSION_TTL_SECONDS_DEFAULT)
        end

        # @param last [Integer] the last token that was issued
        def fencing_token(body, last)
          token = integer(body, "fencing_token", FENCING_TOKENS)
          return token if token <= last

          refuse("fencing_token must be a token that was issued. The last one is #{last}.")
        end

        # @return [Array<Hash>] how locks are wanted
        def locks(body)
          locks = body["locks"]
          return locks if locks.is_a?(Array) && LOCKS.cover?(locks.size)

          refuse("locks must be a list of #{LOCKS.begin} to #{LOCKS.end} locks")
        end

        # @return [Hold] how a lock is wanted
        def hold(given)
          name = given.fetch("name")
          return counted(name, given) if given["limit"]

          refuse("permits needs a limit. Add one, or leave permits out.") if given["permits"]
          Hold.new(name:, mode: given["mode"] || "exclusive")
        end

        # @return [Hash{Symbol => Integer}] how long locks are kept
        def delays(body, holds, ttl)
          lock_delay = integer(body, "lock_delay_seconds", 0..60, 0)
          min_hold = integer(body, "min_hold_seconds", 0..ttl, 0)
          if [lock_delay, min_hold].any?(&:positive?) && holds.any? { |hold| hold.mode != "exclusive" }
            refuse("lock_delay_seconds and min_hold_seconds are for exclusive locks.")
          end
          { lock_delay:, min_hold: }
        end

        private

        def counted(name, given)
          limit = integer(given, "limit", LIMITS)
          permits = integer(given, "permits", LIMITS, 1)
          refuse("A lock with a limit is counted, so it has no mode.") if given["mode"]
          refuse("permits is #{permits}, but limit is #{limit}.") if permits > limit
          Hold.new(name:, mode: "counted", limit:, permits:)
        end

        def refuse(details)
          raise Refusal.new(422, "validation_failed", "The request is not valid.", details:)
        end
      end
    end
  end
end
