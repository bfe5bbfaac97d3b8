# frozen_string_literal: true

require "time"

module Conformance
  # An error of the program, which it was told to fail with.
  class ProgramError < StandardError; end

  # How values and errors of the SDK are written.
  module Protocol
    TYPES = {
      Octostore::LockHeldError => "held",
      Octostore::AuthenticationError => "authentication",
      Octostore::ValidationError => "validation",
      Octostore::NotFoundError => "not_found",
      Octostore::LostError => "not_found",
      Octostore::LockLostError => "lost",
      Octostore::LimitError => "limit",
      Octostore::PermissionError => "permission",
      Octostore::UnavailableError => "unavailable",
      Octostore::ServerError => "server",
      Octostore::NetworkError => "network",
      Octostore::TimeoutError => "timeout",
      Octostore::SignatureError => "signature"
    }.freeze

    # As the server's JSON has it.
    def self.value(value)
      case value
      when Struct then value(value.to_h)
      when Hash then value.transform_values { |member| value(member) }
      when Array then value.map { |member| value(member) }
      when Time then value.utc.iso8601(3)
      else value
      end
    end

    def self.error(error)
      return { type: "program", message: error.message } if error.is_a?(ProgramError)

      facts = {
        type: TYPES.fetch(error.class),
        message: error.message,
        code: error.code,
        status: error.status,
        request_id: error.request_id,
        retry_after_ms: error.retry_after && milliseconds(error.retry_after)
      }
      error.is_a?(Octostore::LockHeldError) ? { **facts, **holding(error) } : facts
    end

    def self.lock(lock)
      {
        lease_id: lock.lease_id,
        fencing_token: lock.fencing_token,
        name: lock.name,
        remaining_ms: milliseconds(lock.remaining),
        is_lost: lock.lost?
      }
    end

    def self.milliseconds(seconds)
      (seconds * 1000).round
    end

    def self.holding(error)
      value(
        holder: error.holder,
        holder_id: error.holder_id,
        expires_at: error.expires_at,
        metadata: error.metadata
      )
    end
    private_class_method :holding
  end
end
