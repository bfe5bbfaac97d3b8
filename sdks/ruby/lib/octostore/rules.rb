# frozen_string_literal: true

module Octostore
  # The numbers that all OctoStore SDKs share, under their common names. Each name includes the unit.
  module Rules
    DEFAULT_BASE_URL = "http://localhost:3000"
    LOCK_NAME_PATTERN = "^[a-zA-Z0-9._-]+(/[a-zA-Z0-9._-]+)*$"
    LOCK_NAME_LENGTH_MAX = 256
    LOCK_NAME_COMPONENT_LENGTH_MAX = 64
    TTL_SECONDS_MIN = 1
    TTL_SECONDS_MAX = 3600
    TTL_SECONDS_DEFAULT = 60
    SESSION_TTL_SECONDS_MIN = 10
    SESSION_TTL_SECONDS_MAX = 300
    SESSION_TTL_SECONDS_DEFAULT = 60
    WAIT_SECONDS_PER_REQUEST_MAX = 60
    METADATA_BYTES_MAX = 1024
    TIMEOUT_MS_DEFAULT = 10_000
    REPEATS_MAX = 3
    REPEAT_DELAY_MS_FIRST = 100
    REPEAT_DELAY_MS_MAX = 2000
    RETRY_AFTER_MS_MAX = 5000
    WAIT_SLICE_SECONDS_DEFAULT = 25
    CLOSE_MS_MAX_WHEN_LOST = 1000
    RENEWAL_TIMEOUTS_PER_TTL = 6
    RELEASE_AGAIN_DELAY_MS_FIRST = 500
    RELEASE_AGAIN_DELAY_MS_SECOND = 2000
    RENEWALS_PER_TTL = 3
    MARGIN_FRACTION = 0.1
    MARGIN_MS_MIN = 100
    MARGIN_MS_MAX = 5000
    WATCH_SILENCE_MS_MAX = 45_000
    WEBHOOK_TOLERANCE_SECONDS = 300

    # @return [Hash{Symbol => Object}] all numbers, with their names in lower case
    def self.to_h
      constants.to_h { |name| [name.downcase, const_get(name)] }
    end
  end
end
