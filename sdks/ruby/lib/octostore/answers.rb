# frozen_string_literal: true

require "time"
require_relative "errors"
require_relative "fields"

module Octostore
  # Interprets the responses of the server.
  #
  # @api private
  module Answers
    CLASSES = {
      401 => AuthenticationError,
      **[400, 413, 414, 415, 422, 431].to_h { |status| [status, ValidationError] },
      403 => PermissionError,
      **[404, 410].to_h { |status| [status, NotFoundError] },
      429 => LimitError,
      **[502, 503, 504].to_h { |status| [status, UnavailableError] }
    }.freeze
    private_constant :CLASSES

    # The codes of a 409 that says why you cannot have a lock now.
    CONFLICTS = %w[lock_held lock_queued lock_delayed limit_mismatch].freeze
    # The codes of a 409 about a lease id that you use for several leases.
    MISUSED_IDS = %w[lease_mismatch ambiguous_lease_id].freeze
    private_constant :CONFLICTS, :MISUSED_IDS

    class << self
      # Reads the text of a successful response with `read`.
      #
      # @raise [Error] the matching error for any other response
      def result(answer, read)
        raise error(answer) unless answer.status.between?(200, 299)

        begin
          read.call(answer.text)
        rescue Fields::Unexpected
          raise ServerError.new("the answer of the server cannot be understood", status: answer.status)
        end
      end

      # The error for an unsuccessful response. Its message quotes only JSON errors: a proxy's error page could contain
      # anything.
      #
      # @return [Error]
      def error(answer)
        body = Fields.try_parse(answer.text)
        facts = facts_of(answer, body)
        special_error(answer, body, facts) ||
          error_class(answer.status, facts[:code]).new(message_of(answer, body), **facts)
      rescue Fields::Unexpected
        ServerError.new("the answer of the server cannot be understood", **facts)
      end

      private

      def facts_of(answer, body)
        {
          code: body&.text_or_nil("code"),
          status: answer.status,
          request_id: body&.text_or_nil("request_id") || answer.headers["x-request-id"],
          retry_after: retry_after(answer.headers["retry-after"], body)
        }
      end

      def message_of(answer, body)
        sentences = [body&.text_or_nil("error"), body&.text_or_nil("details")].compact.reject(&:empty?)
        sentences.empty? ? "the server answered with status #{answer.status}" : sentences.join(" ")
      end

      def error_class(status, code)
        return LimitError if status == 403 && code&.end_with?("_limit_exceeded")

        return ValidationError if status == 409 && MISUSED_IDS.include?(code)

        CLASSES.fetch(status, ServerError)
      end

      # An error that says more than others.
      #
      # @raise [Fields::Unexpected]
      # @return [Error, nil]
      def special_error(answer, body, facts)
        message = message_of(answer, body)
        case facts[:code]
        when *CONFLICTS then held_error(message, body, facts) if answer.status == 409
        when "stale_fencing_token" then StaleTokenError.new(message, highest: body.number("highest"), **facts)
        when "lease_broken" then broken_error(message, body, facts)
        end
      end

      def broken_error(message, body, facts)
        broken = { reason: body.text("reason"), broken_by: body.text("broken_by"), broken_at: body.time("broken_at") }
        LeaseBrokenError.new(message, **broken, **facts)
      rescue Fields::Unexpected
        # Whatever the rest says, the lease has ended.
        NotFoundError.new(message, **facts)
      end

      def held_error(message, body, facts)
        lock = body.object("lock")
        holding = {
          lock: lock.text("name"),
          holder: lock.text_or_nil("holder"),
          holder_id: body.text_or_nil("holder_id"),
          expires_at: body.time("expires_at"),
          metadata: body.text_or_nil("metadata"),
          **%w[limit position waiters].to_h { |name| [name.to_sym, body.number_or_nil(name)] }
        }
        held = facts[:code] == "lock_held" && holding[:holder]
        LockHeldError.new(held ? held_by(**holding) : message, **holding, **facts)
      end

      def held_by(lock:, holder:, expires_at:, **)
        %(The lock "#{lock}" is held by #{holder} (until #{expires_at.getutc.iso8601}).)
      end

      # In seconds. The header holds a number of seconds or a date.
      def retry_after(header, body)
        milliseconds = body&.number_or_nil("retry_after_ms")
        return milliseconds / 1000.0 if milliseconds
        return header&.to_i if header.nil? || header.match?(/\A\d+\z/)

        [0, Time.httpdate(header) - Time.now].max
      rescue ArgumentError
        nil
      end
    end
  end
end
