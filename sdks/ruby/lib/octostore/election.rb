# frozen_string_literal: true

require_relative "background"
require_relative "clock"
require_relative "flag"

module Octostore
  # An election that runs in the background. Created by {Client#start_election}.
  class Election
    # How long someone has to ask for the error before it is logged, in seconds.
    PATIENCE_SECONDS = 1
    private_constant :PATIENCE_SECONDS

    # @return [String] the name of the lock
    attr_reader :name

    # @api private
    # @param stop [Flag] ends the election
    # @yield campaigns and leads until it is stopped
    def initialize(name, stop, &run)
      @name = name
      @stop = stop
      @ended = Flag.new
      @asked = Flag.new
      @error = nil
      @thread = Background.run { perform(&run) }
    end

    # @return [Boolean] whether it has ended
    def ended?
      !@thread.alive?
    end

    # Waits until it has ended.
    #
    # @param timeout [Numeric, nil] seconds; nil for no limit
    # @raise the error that ended it: what the block has raised, or an {Error} that retrying cannot fix
    # @return [self, nil] nil if it has not ended in time
    def join(timeout = nil)
      @asked.set
      return unless @thread.join(timeout)

      raise @error if @error

      self
    end

    # Waits until it has ended.
    #
    # @raise as {#join}
    # @return [nil]
    def value
      join
      nil
    end

    # Calls the block, in a thread of its own, when the election has ended, or now if it already has.
    #
    # @yieldparam error [Exception, nil] what ended it; nil if it was stopped, or has led once
    # @return [nil]
    def on_ended
      @asked.set
      @ended.on_set { |error| Background.run { yield error } }
      nil
    end

    # Ends the election: the block is told to stop, and when it has returned, the lock is released. Never fails: {#join}
    # and {#on_ended} have the error.
    #
    # @return [nil]
    def stop
      @stop.set
      @thread.join unless Thread.current.equal?(@thread)
      nil
    end

    # @api private
    # @param until_time [Float] when it must have returned, on the clock of leases
    # @return [nil]
    def close_within(until_time)
      @stop.set
      @thread.join([until_time - Clock.now, 0].max)
      nil
    end

    # For logs and debugging.
    def inspect
      "#<#{self.class} #{name} (#{ended? ? "ended" : "running"})>"
    end
    alias to_s inspect

    private

    def perform
      yield
    rescue StandardError, ScriptError => e
      @error = e
      Background.run { log_unless_asked(e) }
    ensure
      @ended.set(@error)
    end

    def log_unless_asked(error)
      @asked.wait(PATIENCE_SECONDS)
    ensure
      # Even if the process ends meanwhile.
      warn "octostore: the election of the lock #{name} has ended: #{error.full_message}" unless @asked.set?
    end
  end
end
