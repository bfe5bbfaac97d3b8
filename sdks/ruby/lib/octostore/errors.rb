# frozen_string_literal: true

module Octostore
  # Everything that goes wrong in this library is one of these. The message is for people; the other facts are there
  # where they are known.
  class Error < StandardError
    # @return [String, nil] the server's stable code, such as "lock_not_found"
    attr_reader :code
    # @return [Integer, nil] the HTTP status, if there was an answer
    attr_reader :status
    # @return [String, nil] finds the request in the server's log
    attr_reader :request_id
    # @return [Numeric, nil] seconds after which the server said that it makes sense to try again
    attr_reader :retry_after

    def initialize(message = nil, code: nil, status: nil, request_id: nil, retry_after: nil)
      super(message)
      @code = code
      @status = status
      @request_id = request_id
      @retry_after = retry_after
    end
  end

  # Somebody else holds the lock, and still did when the wait was over.
  class LockHeldError < Error
    # @return [String] login of the holder
    attr_reader :holder
    # @return [String]
    attr_reader :holder_id
    # @return [Time] when the lock comes free if its holder does nothing
    attr_reader :expires_at
    # @return [String, nil] the holder's note
    attr_reader :metadata

    def initialize(message, holder:, holder_id:, expires_at:, metadata:, **facts)
      super(message, **facts)
      @holder = holder
      @holder_id = holder_id
      @expires_at = expires_at
      @metadata = metadata
    end
  end

  # The token is missing, mistyped, rotated or revoked.
  class AuthenticationError < Error; end

  # The request is not valid; the library has refused it before sending, or the server has.
  class ValidationError < Error; end

  # The lease, session, webhook or delivery does not exist (any more), or is not yours.
  class NotFoundError < Error; end

  # A lock or a session that was held is lost: it has ended on the server, or can no longer be proved to live.
  class LostError < NotFoundError; end

  # You have as many locks or sessions as allowed, or ask too often.
  class LimitError < Error; end

  # You may not do that.
  class PermissionError < Error; end

  # The server cannot do it now, also not after some repeats.
  class UnavailableError < Error; end

  # An answer that is no success and nothing of the above, or that cannot be understood.
  class ServerError < Error; end

  # There was no connection, or it broke before the whole answer had come.
  class NetworkError < Error
    def initialize(message, sent:)
      super(message)
      @sent = sent
    end

    # @return [Boolean] whether the request can have reached the server
    def sent?
      @sent
    end
  end

  # The whole answer did not come in time.
  class TimeoutError < Error; end

  # A webhook message that was not signed with the secret, or not just now.
  class SignatureError < Error; end

  # A call was given up because its caller set the flag that it had passed as `stop`. No {Error}: nothing went wrong.
  class Stopped < StandardError
    def initialize(message = "stopped by the caller")
      super
    end
  end
end
