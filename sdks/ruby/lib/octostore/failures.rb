# frozen_string_literal: true

require_relative "errors"

module Octostore
  # What follows from an error.
  #
  # @api private
  module Failures
    FINAL = [AuthenticationError, ValidationError, PermissionError, NotFoundError, LimitError].freeze
    private_constant :FINAL

    # The codes of a 503 to a request that has had no effect.
    NOTHING_DONE = %w[no_leader shutting_down].freeze
    private_constant :NOTHING_DONE

    class << self
      # An exception gets its cause only by being raised. It gets its backtrace when it is raised for the caller.
      #
      # @param error [Exception]
      # @param cause [Exception, nil]
      # @return [Exception] the error
      def caused(error, cause)
        return error unless cause

        begin
          raise error, cause:
        rescue error.class
          error.tap { error.set_backtrace(nil) }
        end
      end

      # Whether to send the request again.
      #
      # @param safe [Boolean] whether it is harmless if the server does this twice
      def repeatable?(error, safe:)
        transient?(error) && (safe || without_effect?(error))
      end

      # Whether trying again cannot help, with the same request or another one. Another request gets another lease.
      def final?(error)
        FINAL.any? { |kind| error.is_a?(kind) } && error.status != 429 && !broken?(error)
      end

      # Whether something no longer exists, so that an earlier attempt of our own may have removed it.
      def gone?(error)
        error.is_a?(NotFoundError) && !broken?(error)
      end

      # Whether another server may well answer the same request properly.
      def of_server?(error)
        case error
        when NetworkError, TimeoutError, UnavailableError, ServerError then true
        else false
        end
      end

      # Whether the server may have done it despite the error.
      def leaves_unknown?(error)
        case error
        when NetworkError, UnavailableError then !without_effect?(error)
        when TimeoutError, ServerError then true
        else false
        end
      end

      private

      # Whether someone else has ended a lease, which no attempt of our own can have done.
      def broken?(error)
        error.code == "lease_broken"
      end

      # Whether it is certain that the server has not begun with the request.
      def without_effect?(error)
        case error
        when NetworkError then !error.sent?
        when UnavailableError then NOTHING_DONE.include?(error.code)
        else false
        end
      end

      # Whether the same request may well succeed a moment later.
      def transient?(error)
        case error
        when NetworkError, TimeoutError, UnavailableError then true
        when LimitError then error.status == 429
        # A response that cannot be read.
        when ServerError then error.status&.between?(200, 299) || false
        else false
        end
      end
    end
  end
end
