# frozen_string_literal: true

require_relative "background"
require_relative "clock"
require_relative "rules"

module Octostore
  # What clients with `release_on_exit` have open. It is closed when the process exits, which it also does at SIGINT and
  # SIGTERM unless the program handles them. If the program does, its handler still runs, and decides whether to exit.
  #
  # @api private
  module OpenAtExit
    SIGNALS = %w[INT TERM].freeze
    private_constant :SIGNALS

    @mutex = Mutex.new
    # Its keys are held weakly.
    @open = ObjectSpace::WeakMap.new
    @chained = []
    @hooked = false

    class << self
      # Begins to watch for the end of the process.
      def watch
        @mutex.synchronize do
          at_exit { close_all } unless @hooked
          @hooked = true
          (SIGNALS - @chained).each { |signal| @chained << signal if chain(signal) }
        end
      end

      # @param thing [#close_within]
      # @return the thing
      def add(thing)
        @mutex.synchronize { @open[thing] = thing }
        thing
      end

      # Closes everything that belongs to this process, within a second in all.
      def close_all
        until_time = Clock.now + (Rules::CLOSE_MS_MAX_WHEN_LOST / 1000.0)
        closing = @mutex.synchronize { @open.keys }.map do |thing|
          Background.run { thing.close_within(until_time) }
        end
        closing.each { |thread| thread.join([until_time - Clock.now, 0].max) }
      end

      private

      # Only if the program has a handler. Otherwise Ruby makes an exception of the signal, which leads to `at_exit`.
      #
      # @return [Boolean]
      def chain(signal)
        handler = nil
        handler = trap(signal) do |number|
          # A signal handler must not lock a mutex, but a thread can.
          Background.run { close_all }
          handler.respond_to?(:call) ? handler.call(number) : Thread.main.raise(SignalException, signal)
        end
        return true if handler.respond_to?(:call)

        trap(signal, handler || "SYSTEM_DEFAULT")
        false
      end
    end
  end
end
