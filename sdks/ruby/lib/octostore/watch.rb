# frozen_string_literal: true

require_relative "errors"
require_relative "flag"
require_relative "watch_stream"

module Octostore
  # What happens to locks: first the present state, then each event as it comes, without a gap or a repeat, for as long
  # as you like. Made by {Client#watch} and {Client#watch_prefix}.
  #
  # Nothing is sent before the first update is asked for. Each iteration begins anew with the present state; leaving its
  # block ends it. Use {#lazy} or an early end with methods of `Enumerable`: a watch has no last element.
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
    # @raise [Error] that a later attempt cannot mend, such as {AuthenticationError}
    # @return [self] after {#close}; without a block an Enumerator
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

    # Ends all iterations, also those that wait for the next update. May be called from any thread and from a signal
    # handler.
    #
    # @return [nil]
    def close
      @closed.set
      nil
    end

    # For people.
    def inspect
      "#<#{self.class}>"
    end
    alias to_s inspect
  end
end
