# frozen_string_literal: true

require_relative "background"
require_relative "clock"
require_relative "errors"
require_relative "flag"
require_relative "token"

module Octostore
  # A function of the program that gives the token. It is asked by one thread at a time. All requests that need its
  # answer wait for that one.
  #
  # @api private
  class TokenFunction
    # One call of the function, in a thread of its own, so that each request can stop waiting at any moment.
    class Ask
      # @return [Flag] set when it has ended, with the error if it has failed
      attr_reader :done

      def initialize(&function)
        @done = Flag.new
        @process = Process.pid
        Background.run { run(&function) }
      end

      # Whether it goes on. One of a parent process never ends here.
      def pending?
        !done.set? && @process == Process.pid
      end

      private

      def run
        yield
      rescue StandardError => e
        error = e
      ensure
        done.set(error)
      end
    end
    private_constant :Ask

    # @param function [#call]
    def initialize(function)
      @function = function
      @mutex = Mutex.new
      @ask = nil
    end

    # Waits for the answer, if someone is asking. Until then, no one knows whether the present token is still good.
    #
    # @param until_time [Float] when to stop waiting, on the clock of leases
    # @param stop [Flag]
    # @raise as {#ask}
    def join(until_time, stop)
      ask = @ask
      await(ask, until_time, stop) if ask&.pending?
    end

    # Asks the function, unless that is not necessary after all, or joins a thread that does.
    #
    # @param until_time [Float] when to stop waiting, on the clock of leases
    # @param stop [Flag]
    # @param needed [#call] whether it is still necessary
    # @yieldparam token [Token] what the function has given
    # @raise [AuthenticationError] if it has failed, with its error as the cause
    # @raise [ValidationError] if it has given what cannot be a token
    # @raise [TimeoutError] if it has not answered in time
    # @raise [Stopped] when `stop` is set
    def ask(until_time, stop, needed:, &adopt)
      ask = @mutex.synchronize { needed.call ? begin_unless_pending(adopt) : return }
      await(ask, until_time, stop)
    end

    private

    def begin_unless_pending(adopt)
      @ask = Ask.new { adopt.call(Token.new(call_function)) } unless @ask&.pending?
      @ask
    end

    def call_function
      @function.call
    rescue StandardError, ScriptError => e
      # Without its message, which could quote anything.
      raise AuthenticationError, "The function that gives the token has failed (#{e.class})."
    end

    def await(ask, until_time, stop)
      answered = Flag.wait_for_any([ask.done, stop], until_time - Clock.now)
      stop.check!
      raise TimeoutError, "The function that gives the token has not answered in time." unless answered

      failure = ask.done.value&.dup
      return unless failure

      # So that it leads to the caller.
      failure.set_backtrace(nil)
      raise failure
    end
  end
end
