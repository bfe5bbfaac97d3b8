# frozen_string_literal: true

require_relative "background"
require_relative "clock"
require_relative "errors"

module Octostore
  # A flag that is set once and stays set. Threads use it to tell each other to stop.
  #
  # @example An election that ends with the process
  #   stop = Octostore::Flag.new
  #   trap("TERM") { stop.set }
  #   client.elect("scheduler", stop: stop) { |lock, told| work(lock) until told.set? }
  class Flag
    # @return [Object, nil] what it was set with
    attr_reader :value

    def initialize
      @mutex = Mutex.new
      @changed = ConditionVariable.new
      @set = false
      @value = nil
      @listeners = []
    end

    # Sets the flag. May be called from any thread and from a signal handler.
    #
    # @param value [Object] a reason
    # @return [Boolean] whether this call set it; always true in a signal handler
    def set(value = nil)
      listeners = raise_flag(value)
      listeners&.each { |listener| listener.call(value) }
      !listeners.nil?
    end

    # @return [Boolean]
    def set?
      @set
    end

    # Waits until the flag is set.
    #
    # @param seconds [Numeric, nil] the longest time to wait; nil for no limit
    # @return [Boolean] whether it is set
    def wait(seconds = nil)
      ends_at = seconds && (Clock.now + seconds)
      @mutex.synchronize do
        until @set
          left = ends_at && (ends_at - Clock.now)
          break if left && left <= 0

          @changed.wait(@mutex, left)
        end
        @set
      end
    end

    # Waits until one of several flags is set.
    #
    # @api private
    # @param flags [Array<Flag>]
    # @param seconds [Numeric] the longest time to wait
    # @return [Boolean] whether one is set
    def self.wait_for_any(flags, seconds)
      any = new
      listeners = flags.map { |flag| flag.on_set { any.set } }
      any.wait(seconds)
    ensure
      flags.zip(listeners || []) { |flag, listener| flag.off(listener) }
    end

    # Calls the block when the flag is set, in the thread that sets it, or now if it is already set. It must be quick.
    #
    # @yieldparam value [Object] what the flag was set with
    # @return [Proc] for {#off}
    def on_set(&listener)
      now = @mutex.synchronize do
        @listeners << listener unless @set
        @set
      end
      listener.call(@value) if now
      listener
    end

    # Undoes {#on_set}.
    #
    # @param listener [Proc] what {#on_set} returned
    def off(listener)
      @mutex.synchronize { @listeners.delete(listener) }
      nil
    end

    # @raise [Stopped] if the flag is set
    def check!
      raise Stopped if set?
    end

    # Pauses, but only until the flag is set.
    #
    # @raise [Stopped] as soon as it is set
    def pause(seconds)
      raise Stopped if wait(seconds)
    end

    private

    # The listeners; nil if the flag was already set.
    def raise_flag(value)
      @mutex.synchronize do
        return if @set

        @value = value
        @set = true
        @changed.broadcast
        @listeners.slice!(0..)
      end
    rescue ThreadError
      # A signal handler must not lock a mutex, but a thread can.
      Background.run { set(value) }
      []
    end
  end
end
