# frozen_string_literal: true

require "time"

module Conformance
  # An error of the program, which it was told to fail with.
  class ProgramError < StandardError; end

  # How values and errors of the SDK are written.
  module Protocol
    TYPES = {
      Octostore::LockHeldError => "held",
      Octostore::StaleTokenError => "stale",
      Octostore::AuthenticationError => "authentication",
      Octostore::ValidationError => "validation",
      Octostore::NotFoundError => "not_found",
      Octostore::LeaseBrokenError => "not_found",
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

    MORE = {
      Octostore::LockHeldError => %i[lock holder holder_id expires_at metadata limit position waiters],
      Octostore::StaleTokenError => %i[highest],
      Octostore::LeaseBrokenError => %i[reason broken_by broken_at]
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
        retry_after_ms: error.retry_after && milliseconds(error.retry_after),
        cause: error.cause.is_a?(ProgramError) ? error.cause.message : nil
      }
      { **facts, **more(error) }
    end

    # What the break says, if that is why it is lost.
    def self.loss(loss)
      error(loss.cause.is_a?(Octostore::LeaseBrokenError) ? loss.cause : loss)
    end

    def self.lock(lock)
      {
        lease_id: lock.lease_id,
        fencing_token: lock.fencing_token,
        name: lock.name,
        remaining_ms: milliseconds(lock.remaining),
        is_lost: lock.lost?,
        locks: lock.locks,
        proof: lock.proof,
        release_requested: lock.release_requested
      }
    end

    def self.milliseconds(seconds)
      (seconds * 1000).round
    end

    # What errors of its class have more than others.
    def self.more(error)
      value(MORE.fetch(error.class, []).to_h { |member| [member, error.public_send(member)] })
    end
    private_class_method :more
  end
end
