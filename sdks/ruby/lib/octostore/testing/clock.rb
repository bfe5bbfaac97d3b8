# frozen_string_literal: true

require_relative "../background"

module Octostore
  module Testing
    # A clock that stands still until the test moves it. It knows which threads wait for it, so that a test can let them
    # finish before it goes on. See {LeaseClock}.
    #
    # @api private
    class Clock
      # How long the threads may take to come to rest, in real seconds.
      REST_SECONDS_MAX = 30

      Sleeper = Struct.new(:flag, :time)
      private_constant :Sleeper

      # @return [Float] seconds since the start of the clock
      attr_reader :now

      def initialize
        @now = 0.0
        @mutex = Mutex.new
        @changed = ConditionVariable.new
        @sleepers = {}
        @busy = []
        @acquiring = []
      end

      # As {LeaseClock.wait}.
      def wait(flag, time)
        listener = flag.on_set { @mutex.synchronize { @changed.broadcast } }
        @mutex.synchronize do
          sleep_until(flag, time) unless flag.set? || now >= time
        ensure
          awake
        end
        flag.set?
      ensure
        flag.off(listener)
      end

      # As {LeaseClock.start}.
      def start(&block)
        @mutex.synchronize { Background.run(&block).tap { |thread| @busy << thread } }
      end

      # As {LeaseClock.acquiring}.
      def acquiring
        @mutex.synchronize { @acquiring << Thread.current }
        yield
      ensure
        @mutex.synchronize do
          @acquiring.delete(Thread.current)
          @changed.broadcast
        end
      end

      # When the next thread wakes up; nil if none does.
      def next_time
        @mutex.synchronize { @sleepers.each_value.map(&:time).reject { |time| time == Float::INFINITY }.min }
      end

      # Moves it forward, and wakes those whose time has come.
      def move_to(time)
        @mutex.synchronize do
          @now = time
          due = @sleepers.select { |_, sleeper| sleeper.time <= time }.keys
          due.each { |thread| @sleepers.delete(thread) }
          @busy.concat(due)
          @changed.broadcast
        end
      end

      # Waits until all threads that wait for the clock do so again or have ended, and the block agrees.
      #
      # @yieldparam acquiring [Integer] how many threads acquire something
      def rest
        ends_at = Octostore::Clock.now + REST_SECONDS_MAX
        @mutex.synchronize do
          until at_rest? && yield(@acquiring.count(&:alive?))
            raise "The threads of the client do not come to rest." if Octostore::Clock.now > ends_at

            # The end of a thread wakes no one.
            @changed.wait(@mutex, 0.005)
          end
        end
      end

      private

      def sleep_until(flag, time)
        @sleepers[Thread.current] = Sleeper.new(flag, time)
        @busy.delete(Thread.current)
        @changed.broadcast
        @changed.wait(@mutex) until flag.set? || now >= time
      end

      # Until it waits again or ends, it is busy.
      def awake
        @sleepers.delete(Thread.current)
        @busy << Thread.current unless @busy.include?(Thread.current)
      end

      def at_rest?
        @busy.select!(&:alive?)
        @busy.empty? && @sleepers.each_value.none? { |sleeper| sleeper.flag.set? }
      end
    end
  end
end
