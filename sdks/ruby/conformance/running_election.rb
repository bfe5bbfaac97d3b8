# frozen_string_literal: true

module Conformance
  # An election that runs in a thread of its own, and whose leader does nothing but wait until it is told to stop.
  class RunningElection
    def initialize(client, name, as, tell, **options)
      @stop = Octostore::Flag.new
      @thread = Thread.new do
        client.elect(name, stop: @stop, **options) do |lock, told|
          tell.call({ event: "leading", of: as, fencing_token: lock.fencing_token })
          told.wait
          tell.call({ event: "stopped", of: as })
        end
      end
      # Whoever closes it is told if it failed.
      @thread.report_on_exception = false
    end

    def close
      @stop.set
      @thread.value
    end
  end
end
