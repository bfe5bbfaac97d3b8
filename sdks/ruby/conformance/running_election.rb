# frozen_string_literal: true

require_relative "protocol"

module Conformance
  # An election whose leader does nothing but wait until it is told to stop, or fails.
  class RunningElection
    # @param fails [String, nil] what the leader fails with
    def initialize(client, name, as, tell, fails: nil, **options)
      @election = client.start_election(name, **options) do |lock, told|
        tell.call({ event: "leading", of: as, fencing_token: lock.fencing_token })
        raise ProgramError, fails if fails

        told.wait
        tell.call({ event: "stopped", of: as })
      end
      @election.on_ended { |error| tell.call({ event: "ended", of: as, error: error && Protocol.error(error) }) }
    end

    def to_s
      @election.to_s
    end

    def close
      @election.stop
      @election.value
    end
  end
end
