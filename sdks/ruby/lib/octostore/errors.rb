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

  # You cannot have the lock now, and could not when the wait was over. `code` says why: "lock_held" if someone else
  # holds it, "lock_queued" if it is kept for clients that asked for it earlier, "lock_delayed" if it is kept from
  # everyone for a while after its last lease, "limit_mismatch" if it is in use with another limit.
  class LockHeldError < Error
    # @return [String] the name of the lock
    attr_reader :lock
    # @return [String, nil] login of the holder; nil if no one holds the lock
    attr_reader :holder
    # @return [String, nil]
    attr_reader :holder_id
    # @return [Time] when the lease expires unless the holder renews it; if no one holds the lock, how long it is kept
    #   at least
    attr_reader :expires_at
    # @return [String, nil] the holder's note
    attr_reader :metadata
    # @return [Integer, nil] how many permits the lock has; only with "limit_mismatch"
    attr_reader :limit
    # @return [Integer, nil] your place in the line after a wait, from 1, which is kept for some seconds
    attr_reader :position
    # @return [Integer, nil] number of requests that are waiting, if there is a `position`
    attr_reader :waiters

    def initialize(message, lock:, holder: nil, holder_id: nil, expires_at: nil, metadata: nil, limit: nil,
                   position: nil, waiters: nil, **facts)
      super(message, **facts)
      @lock = lock
      @holder = holder
      @holder_id = holder_id
      @expires_at = expires_at
      @metadata = metadata
      @limit = limit
      @position = position
      @waiters = waiters
    end
  end

  # A fence has seen a higher fencing token than yours. A later lease has used the resource, so stop.
  class StaleTokenError < Error
    # @return [Integer] the highest token that the fence has seen
    attr_reader :highest

    def initialize(message, highest:, **facts)
      super(message, **facts)
      @highest = highest
    end
  end

  # The token is missing, mistyped, rotated or revoked.
  class AuthenticationError < Error; end

  # The request is not valid. The library refused it before sending, or the server did.
  class ValidationError < Error; end

  # The lease, session, webhook or delivery does not exist, no longer exists, or is not yours.
  class NotFoundError < Error; end

  # Someone with the right to do so has broken the lease. For an hour, the requests of its holder get this. If a handle
  # is lost for this reason, its {LostError} has this as its cause.
  class LeaseBrokenError < NotFoundError
    # @return [String] what they gave as the reason
    attr_reader :reason
    # @return [String] login of the user who broke it, or "administrator" if they used an admin key
    attr_reader :broken_by
    # @return [Time] by the server's clock
    attr_reader :broken_at

    def initialize(message, reason:, broken_by:, broken_at:, **facts)
      super(message, **facts)
      @reason = reason
      @broken_by = broken_by
      @broken_at = broken_at
    end
  end

  # A lock or session that you held is lost: it has ended on the server, or may have expired.
  class LostError < NotFoundError; end

  # A lock was lost while a block held it. The block itself did not fail. Someone else may have held the lock meanwhile.
  class LockLostError < LostError
    # @return [String] the name of the lock; of the first, if the lease held several
    attr_reader :lock
    # @return [Object] what the block has returned
    attr_reader :result

    # @param loss [LostError] how it was lost
    def initialize(lock, loss, result = nil)
      facts = { code: loss.code, status: loss.status, request_id: loss.request_id }
      super("#{loss.message}. This was while its block ran, so someone else may have held it meanwhile.", **facts)
      @lock = lock
      @result = result
    end
  end

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
