# frozen_string_literal: true

module Conformance
  # A watch that is iterated in a thread of its own, from which its updates can be asked for one by one.
  class FollowedWatch
    def initialize(watch)
      @watch = watch
      @mutex = Mutex.new
      @changed = ConditionVariable.new
      @updates = []
      @thread = nil
    end

    # The next update; nil if none comes in time, and "end" after the last.
    def next(seconds)
      @thread ||= Thread.new { follow }
      update = @mutex.synchronize do
        @changed.wait(@mutex, seconds) if @updates.empty?
        @updates.shift
      end
      update.is_a?(Octostore::Error) ? raise(update) : update
    end

    def close
      @watch.close
      @thread&.join
      nil
    end

    private

    def follow
      @watch.each { |update| put({ type: update.type, **update.data.to_h }) }
      put({ type: "end" })
    rescue Octostore::Error => e
      put(e)
    end

    def put(update)
      @mutex.synchronize do
        @updates << update
        @changed.signal
      end
    end
  end
end
