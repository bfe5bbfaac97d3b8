# frozen_string_literal: true

require_relative "errors"
require_relative "flag"
require_relative "watch_stream"

module Octostore
  # What happens to locks: first the current state, then each event as it happens, without a gap or a repeat, for as
  # long as you like. Created by {Client#watch} and {Client#watch_prefix}.
  #
  # It sends nothing until you ask for the first update. Each iteration starts again with the current state, and ends
  # when you leave its block. With methods of `Enumerable`, use {#lazy} or end early: a watch has no last element.
  class Watch
    include Enumerable

    # @api private
    # @yieldparam stop [Flag]
    # @yieldreturn [WatchStream]
    def initialize(&open)
      @open = open
      @closed = Flag.new
    end

    # @yieldparam update [Update]
    # @raise [Error] that retrying cannot fix, such as {AuthenticationError}
    # @return [self] after {#close}; without a block, an Enumerator
    def each
      return enum_for(:each) unless block_given?

      stream = @open.call(@closed)
      yield stream.next until @closed.set?
      self
    rescue Stopped
      raise unless @closed.set?

      self
    ensure
      stream&.close
    end

    # Ends all iterations, including those that wait for the next update. Can be called from any thread and from a
    # signal handler.
    #
    # @return [nil]
    def close
      @closed.set
      nil
    end

    # For logs and debugging.
    def inspect
      "#<#{self.class}>"
    end
    alias to_s inspect
  end
end
