# frozen_string_literal: true

require_relative "fields"
require_relative "lock_readers"
require_relative "values"

module Octostore
  # Each reads one kind of object from the server, and raises {Fields::Unexpected} if it is not that.
  #
  # @api private
  module Readers
    EVENTS = %w[acquired released renewed expired].freeze

    class << self
      include LockReaders

      # One of the readers, of locks or below, applied to the text of a response.
      #
      # @return [Proc]
      def of(name)
        ->(text) { public_send(name, Fields.parse(text)) }
      end

      # One of the readers below, applied to each element of a list in the text of a response.
      #
      # @return [Proc]
      def list_of(name)
        lambda do |text|
          list = Fields.value(text)
          raise Fields::Unexpected, "no list" unless list.is_a?(Array)

          list.map { |member| public_send(name, Fields.new(member)) }
        end
      end

      # Reads the text of a response.
      #
      # @return [String]
      def health(text)
        text.strip == "OK" ? "OK" : raise(Fields::Unexpected, "not the answer of a healthy server")
      end

      # Reads a response that only says what was done.
      #
      # @return [String]
      def status(text)
        Fields.parse(text).text("status")
      end

      # Reads a response without a body.
      #
      # @return [nil]
      def nothing(text)
        raise Fields::Unexpected, "an answer that should be empty" unless text.empty?
      end

      def created_session(fields)
        CreatedSession.new(**session(fields), keepalive_interval_secs: fields.number("keepalive_interval_secs"))
      end

      def kept_session(fields)
        KeptSession.new(**session(fields))
      end

      def session_status(fields)
        SessionStatus.new(
          **session(fields),
          user_id: fields.text("user_id"),
          lock_count: fields.number("lock_count"),
          active: fields.flag("active")
        )
      end

      def status_counters(fields)
        StatusCounters.new(
          service: fields.text("service"),
          version: fields.text("version"),
          status: fields.text("status"),
          uptime_seconds: fields.number("uptime_seconds"),
          locks_held: fields.number("locks_held"),
          sessions: fields.number("sessions"),
          waiters: fields.number("waiters")
        )
      end

      def lock_event(fields)
        event = fields.choice("event", EVENTS)
        LockEvent.new(
          event:,
          lock: fields.text("lock"),
          holder_id: fields.text_or_nil("holder_id"),
          fencing_token: fields.number_or_nil("fencing_token"),
          timestamp: fields.time("timestamp"),
          sequence: fields.number("sequence"),
          **(%w[acquired renewed].include?(event) ? holding(fields) : {})
        )
      end

      def reset(fields)
        Reset.new(message: fields.text("message"))
      end

      def webhook(fields)
        Webhook.new(
          id: fields.text("id"),
          user_id: fields.text("user_id"),
          url: fields.text("url"),
          secret: fields.text_or_nil("secret"),
          events: fields.texts("events"),
          lock_pattern: fields.text_or_nil("lock_pattern"),
          created_at: fields.time("created_at"),
          active: fields.flag("active"),
          disabled_reason: fields.text_or_nil("disabled_reason")
        )
      end

      def deliveries(fields)
        Deliveries.new(
          deliveries: fields.objects("deliveries").map { |one| delivery(one) },
          next_before: fields.number_or_nil("next_before")
        )
      end

      def delivery(fields)
        Delivery.new(
          id: fields.text("id"),
          webhook_id: fields.text("webhook_id"),
          state: fields.choice("state", %w[pending delivered dead]),
          dead_reason: fields.text_or_nil("dead_reason"),
          payload: lock_event(fields.object("payload")),
          attempts: fields.objects("attempts").map { |attempt| delivery_attempt(attempt) },
          next_attempt_at: fields.time_or_nil("next_attempt_at"),
          created_at: fields.time("created_at")
        )
      end

      private

      def delivery_attempt(fields)
        DeliveryAttempt.new(
          at: fields.time("at"),
          status: fields.number_or_nil("status"),
          error: fields.text_or_nil("error"),
          duration_ms: fields.number("duration_ms")
        )
      end

      def session(fields)
        { session_id: fields.text("session_id"), expires_at: fields.time("expires_at") }
      end

      def holding(fields)
        {
          expires_at: fields.time("expires_at"),
          metadata: fields.text_or_nil("metadata"),
          holder: fields.text_or_nil("holder")
        }
      end
    end
  end
end
