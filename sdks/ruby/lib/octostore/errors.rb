# frozen_string_literal: true

module Octostore
  # Base class of all errors of this library. The message is for people. The other details are present where known.
  class Error < StandardError
    # @return [String, nil] the server's stable code, such as "lock_not_found"
    attr_reader :code
    # @return [Integer, nil] the HTTP status, if there was a response
    attr_reader :status
    # @return [String, nil] identifies the request in the server's log
    attr_reader :request_id
    # @return [Numeric, nil] how long the server asks you to wait before you try again, in seconds
    attr_reader :retry_after

    def initialize(message = nil, code: nil, status: nil, request_id: nil, retry_after: nil)
      super(message)
      @code = code
      @status = status
      @request_id = request_id
      @retry_after = retry_after
    end
  end

  # Someone else holds the lock, and still did when the wait was over.
  class LockHeldError < Error
    # @return [String] login of the holder
    attr_reader :holder
    # @return [String]
    attr_reader :holder_id
    # @return [Time] when the lease expires unless the holder renews it
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

  # The request is not valid. The library refused it before sending, or the server did.
  class ValidationError < Error; end

  # The lease, session, webhook or delivery does not exist, no longer exists, or is not yours.
  class NotFoundError < Error; end

  # A lock or session that you held is lost: it has ended on the server, or may have expired.
  class LostError < NotFoundError; end

  # You have reached a limit, or send requests too often.
  class LimitError < Error; end

  # You are not allowed to do this.
  class PermissionError < Error; end

  # The server cannot handle the request now, and retries did not help.
  class UnavailableError < Error; end

  # Any other unsuccessful response, or one that cannot be read.
  class ServerError < Error; end

  # There was no connection, or it broke before the whole response arrived.
  class NetworkError < Error
    def initialize(message, sent:)
      super(message)
      @sent = sent
    end

    # @return [Boolean] whether the request may have reached the server
    def sent?
      @sent
    end
  end

  # The whole response did not arrive in time.
  class TimeoutError < Error; end

  # A webhook delivery was not signed with the secret, or its timestamp is too far off.
  class SignatureError < Error; end

  # A call was cancelled because you set the flag that you passed as `stop`. Not an {Error}, because nothing went wrong.
  class Stopped < StandardError
    def initialize(message = "stopped by the caller")
      super
    end
  end
end
