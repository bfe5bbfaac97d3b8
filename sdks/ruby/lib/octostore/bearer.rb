# frozen_string_literal: true

require_relative "clock"
require_relative "errors"
require_relative "flag"
require_relative "token_function"

module Octostore
  # Holds a client's current token. It can be replaced while requests are under way. The old token stops working
  # immediately, so some of these requests may get a 401 although the client has a valid token by then.
  #
  # @api private
  class Bearer
    # @return [Token, nil]
    attr_reader :token

    # @param token [Token, nil]
    # @param function [TokenFunction, nil] gives the token
    def initialize(token, function = nil)
      @token = token
      @function = function
      @turn = Mutex.new
      @rotated = Flag.new.tap(&:set)
      @process = Process.pid
    end

    # @return [Presented] for one request
    def present
      Presented.new(self)
    end

    # The token to send a request with. Asks the function for it, if there is one and it has given none yet.
    #
    # @param request [Request]
    # @param until_time [Float] when to stop waiting for the function, on the clock of leases
    # @param stop [Flag]
    # @raise [AuthenticationError] if it needs one and there is none
    # @return [Token, nil]
    def token_for(request, until_time, stop)
      return token if request.public?

      @function&.join(until_time, stop)
      return token if token

      ask_instead_of(nil, until_time, stop)
      return token if token

      raise AuthenticationError,
            "This call needs a token, and the client has none. Pass one to the client, or set OCTOSTORE_TOKEN."
    end

    # Replaces the token with the one that the block returns. Rotations run one at a time.
    #
    # @yieldparam token [Token, nil]
    # @yieldreturn [Token]
    # @raise [ValidationError] if the token comes from a function
    def rotate
      if @function
        raise ValidationError, "The token comes from a function, so this client cannot replace it. Replace what the " \
                               "function gives."
      end

      @turn.synchronize do
        @rotated = Flag.new
        @process = Process.pid
        # An exception from another thread may end the wait for the server, but must not lose its response.
        Thread.handle_interrupt(Object => :on_blocking) { @token = yield token }
      ensure
        @rotated.set
      end
    end

    # Whether the refused token has been replaced, so that it makes sense to send the request again. If it has not,
    # waits for a rotation that is under way, and asks the function if there is one.
    #
    # @param until_time [Float] when to stop waiting, on the clock of leases
    # @param stop [Flag]
    # @param ask [Boolean] whether to ask the function
    # @raise [AuthenticationError, TimeoutError] if the function gives none
    # @raise [Stopped] when `stop` is set
    def replaced?(refused, until_time, stop, ask: true)
      await_rotation(until_time - Clock.now, stop) if refused.equal?(token)
      ask_instead_of(refused, until_time, stop) if refused && ask
      !refused.equal?(token)
    end

    private

    # The same text again leaves the token as it is.
    def ask_instead_of(refused, until_time, stop)
      needed = -> { refused.equal?(token) }
      @function&.ask(until_time, stop, needed:) { |given| @token = given unless given.same?(token) }
    end

    # A rotation of the parent process never ends here.
    def await_rotation(seconds, stop)
      return if @process != Process.pid

      Flag.wait_for_any([@rotated, stop], seconds)
      stop.check!
    end
  end

  # The tokens that one request is sent with, until the server accepts one. A function is asked once for another one.
  #
  # @api private
  class Presented
    # @param bearer [Bearer]
    def initialize(bearer)
      @bearer = bearer
      @asked = false
    end

    # As {Bearer#token_for}.
    def token_for(request, until_time, stop)
      @token = @bearer.token_for(request, until_time, stop)
    end

    # Whether there is another token than the last one, which was refused. As {Bearer#replaced?}.
    def replaced?(until_time, stop)
      @bearer.replaced?(@token, until_time, stop, ask: !@asked)
    ensure
      @asked = true
    end
  end
end
