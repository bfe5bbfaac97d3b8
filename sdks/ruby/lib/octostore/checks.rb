# frozen_string_literal: true

require_relative "errors"
require_relative "rules"

module Octostore
  # What is looked at before anything is sent. Each returns what it was given, as it is sent, or raises
  # {ValidationError}.
  #
  # @api private
  module Checks
    # `^` and `$` are the ends of lines to Ruby; a name must match from its first character to its last.
    NAME_SHAPE = Regexp.new("\\A(?:#{Rules::LOCK_NAME_PATTERN})\\z")
    private_constant :NAME_SHAPE

    class << self
      # A lock name that the server takes.
      def name(name)
        problem = problem_of_name(name)
        raise ValidationError, problem if problem

        name
      end

      # Whole seconds that a lease can last.
      def ttl(seconds)
        whole("ttl", seconds, Rules::TTL_SECONDS_MIN, Rules::TTL_SECONDS_MAX)
      end

      # Whole seconds that a session can live without a keepalive.
      def session_ttl(seconds)
        whole("ttl", seconds, Rules::SESSION_TTL_SECONDS_MIN, Rules::SESSION_TTL_SECONDS_MAX)
      end

      # Seconds to wait in line.
      def wait(seconds)
        return seconds if number?(seconds) && seconds >= 0

        raise ValidationError, "wait must be a number of seconds, 0 or more."
      end

      # Seconds for one attempt.
      def timeout(seconds)
        return seconds if number?(seconds) && seconds.positive?

        raise ValidationError, "timeout must be a number of seconds above 0."
      end

      # A token that can stand in a header. It is not quoted.
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

      def problem_of_name(name)
        return "A lock name must be a String." unless name.is_a?(String)
        if name.length > Rules::LOCK_NAME_LENGTH_MAX
          return "A lock name must have at most #{Rules::LOCK_NAME_LENGTH_MAX} characters."
        end
        unless name.ascii_only? && name.match?(NAME_SHAPE)
          return "A lock name consists of components of letters, digits, '.', '_' and '-', separated by single slashes."
        end

        name.split("/").filter_map { |component| problem_of_component(component) }.first
      end

      def problem_of_component(component)
        return "A component of a lock name must not be '.' or '..'." if [".", ".."].include?(component)
        return if component.length <= Rules::LOCK_NAME_COMPONENT_LENGTH_MAX

        "Each component of a lock name must have at most #{Rules::LOCK_NAME_COMPONENT_LENGTH_MAX} characters."
      end
    end
  end
end
