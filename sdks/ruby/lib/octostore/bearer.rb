# frozen_string_literal: true

require_relative "clock"
require_relative "errors"
require_relative "flag"

module Octostore
  # Holds a client's current token. It can be replaced while requests are under way. The old token stops working
  # immediately, so some of these requests may get a 401 although the client has a valid token by then.
  #
  # @api private
  class Bearer
    # @return [Token, nil]
    attr_reader :token

    # @param token [Token, nil]
    def initialize(token)
      @token = token
      @turn = Mutex.new
      @rotated = Flag.new.tap(&:set)
    end

    # The token to send a request with.
    #
    # @param request [Request]
    # @raise [AuthenticationError] if it needs one and there is none
    # @return [Token, nil]
    def token_for(request)
      return token if token || request.public?

      raise AuthenticationError,
            "This call needs a token, and the client has none. Pass one to the client, or set OCTOSTORE_TOKEN."
    end

    # Replaces the token with the one that the block returns. Rotations run one at a time.
    #
    # @yieldparam token [Token, nil]
    # @yieldreturn [Token]
    def rotate
      @turn.synchronize do
        @rotated = Flag.new
        # An exception from another thread may end the wait for the server, but must not lose its response.
        Thread.handle_interrupt(Object => :on_blocking) { @token = yield token }
      ensure
        @rotated.set
      end
    end

    # Whether the refused token has been replaced, so that it makes sense to send the request again. If it has not,
    # waits for a rotation that is under way.
    #
    # @param until_time [Float] when to stop waiting, on the clock of leases
    # @param stop [Flag]
    # @raise [Stopped] when `stop` is set
    def replaced?(refused, until_time, stop)
      await_rotation(until_time - Clock.now, stop) if refused.equal?(token)
      !refused.equal?(token)
    end

    private

    def await_rotation(seconds, stop)
      over = Flag.new
      flags = [@rotated, stop]
      listeners = flags.map { |flag| flag.on_set { over.set } }
      over.wait(seconds)
      stop.check!
    ensure
      flags.zip(listeners || []) { |flag, listener| flag.off(listener) }
    end
  end
end
