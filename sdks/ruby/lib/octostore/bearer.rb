# frozen_string_literal: true

require_relative "clock"
require_relative "flag"

module Octostore
  # Has the present token of a client. It may be replaced while requests are under way; the old one ends at once, so
  # some of them may be refused with 401 although the client has a valid token by then.
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

    # Replaces the token by what the block gets for it. One rotation comes after the other.
    #
    # @yieldparam token [Token, nil]
    # @yieldreturn [Token]
    def rotate
      @turn.synchronize do
        @rotated = Flag.new
        # What comes from another thread may end the wait for the server, but not lose what it has answered.
        Thread.handle_interrupt(Object => :on_blocking) { @token = yield token }
      ensure
        @rotated.set
      end
    end

    # Whether there is another token than one that was refused, so that it makes sense to ask again. If there is none,
    # waits for the end of a rotation that is under way.
    #
    # @param until_time [Float] when to wait no longer, on the monotonic clock
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
