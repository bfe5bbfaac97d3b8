# frozen_string_literal: true

require_relative "errors"
require_relative "rules"

module Octostore
  # Checks before anything is sent. Each returns the value in the form in which it is sent, or raises {ValidationError}.
  #
  # @api private
  module Checks
    # In Ruby, `^` and `$` match at line ends. A name must match from its first character to its last.
    NAME_SHAPE = Regexp.new("\\A(?:#{Rules::LOCK_NAME_PATTERN})\\z")
    private_constant :NAME_SHAPE

    FENCING_TOKEN_MAX = (2**53) - 1
    LOCK_DELAY_SECONDS_MAX = 60
    private_constant :FENCING_TOKEN_MAX, :LOCK_DELAY_SECONDS_MAX

    class << self
      # A lock name that the server accepts, or a name of something else with such names.
      def name(name, what = "lock")
        problem = problem_of_name(name, what)
        raise ValidationError, problem if problem

        name
      end

      # A valid TTL of a lease, in whole seconds.
      def ttl(seconds)
        whole("ttl", seconds, Rules::TTL_SECONDS_MIN, Rules::TTL_SECONDS_MAX)
      end

      # A valid TTL of a session, in whole seconds.
      def session_ttl(seconds)
        whole("ttl", seconds, Rules::SESSION_TTL_SECONDS_MIN, Rules::SESSION_TTL_SECONDS_MAX)
      end

      # How long no one gets a lock after a lease that was not released, in whole seconds; nil if it was not given.
      def lock_delay(seconds)
        seconds && whole("lock_delay", seconds, 0, LOCK_DELAY_SECONDS_MAX)
      end

      # How long no one else gets a lock after a grant, in whole seconds; nil if it was not given.
      def min_hold(seconds, ttl)
        seconds && whole("min_hold", seconds, 0, ttl)
      end

      # A number that can be a fencing token.
      def fencing_token(token)
        return token if token.is_a?(Integer) && token.between?(1, FENCING_TOKEN_MAX)

        raise ValidationError, "A fencing token must be a whole number from 1 to #{FENCING_TOKEN_MAX}."
      end

      # Seconds to wait in line.
      def wait(seconds)
        return seconds if number?(seconds) && seconds >= 0

        raise ValidationError, "wait must be a number of seconds, 0 or more."
      end

      # The longest time for which one request waits in line, in whole seconds.
      def wait_slice(seconds)
        whole("wait_slice", seconds, 1, Rules::WAIT_SECONDS_PER_REQUEST_MAX)
      end

      # Timeout of one attempt, in seconds.
      def timeout(seconds)
        return seconds if number?(seconds) && seconds.positive?

        raise ValidationError, "timeout must be a number of seconds above 0."
      end

      # A token that can be sent in a header. Errors do not quote it.
      def token(text)
        return text if text.is_a?(String) && text.ascii_only? && text.match?(/\A[\x21-\x7e]+\z/)

        raise ValidationError, "The token must consist of visible ASCII characters."
      end

      private

      def whole(what, value, min, max)
        is_whole = number?(value) && value.finite? && value == value.to_i && value.between?(min, max)
        raise ValidationError, "#{what} must be a whole number of seconds from #{min} to #{max}." unless is_whole

        value.to_i
      end

      def number?(value)
        value.is_a?(Numeric) && value.real?
      end

      def problem_of_name(name, what)
        return "A #{what} name must be a String." unless name.is_a?(String)
        if name.length > Rules::LOCK_NAME_LENGTH_MAX
          return "A #{what} name must have at most #{Rules::LOCK_NAME_LENGTH_MAX} characters."
        end

        unless name.ascii_only? && name.match?(NAME_SHAPE)
          return "A #{what} name consists of components of letters, digits, '.', '_' and '-', " \
                 "separated by single slashes."
        end

        name.split("/").filter_map { |component| problem_of_component(component, what) }.first
      end

      def problem_of_component(component, what)
        return "A component of a #{what} name must not be '.' or '..'." if [".", ".."].include?(component)
        return if component.length <= Rules::LOCK_NAME_COMPONENT_LENGTH_MAX

        "Each component of a #{what} name must have at most #{Rules::LOCK_NAME_COMPONENT_LENGTH_MAX} characters."
      end
    end
  end
end
