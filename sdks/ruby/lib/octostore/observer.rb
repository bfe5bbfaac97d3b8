# frozen_string_literal: true

require_relative "value"

module Octostore
  # Something that has happened to a lock or session that a client holds, see the option `observer` of
  # {Client#initialize}.
  #
  # @!attribute type
  #   @return [String] "acquired"; "renewed"; "renewal_failed": an attempt has failed, and others follow until it is
  #     lost; "lost"; "released": it was closed
  # @!attribute locks
  #   @return [Array<String>] the names of the locks; empty if it is about a session
  # @!attribute fencing_token
  #   @return [Integer, nil] nil if it is about a session
  # @!attribute session_id
  #   @return [String, nil] of the session that it is about; nil if it is about locks
  # @!attribute error
  #   @return [StandardError, nil] why a renewal or a release failed, or why it is lost
  HandleEvent = Value.define(:type, :locks, :fencing_token, :session_id, :error)

  # Tells the program what happens to one lock or session.
  #
  # @api private
  class Observed
    # @param observer [#call, nil]
    # @param subject [#observed]
    def initialize(observer, subject)
      @observer = observer
      @subject = subject
    end

    # Its errors harm nothing.
    def tell(type, error = nil)
      @observer&.call(HandleEvent.new(type:, error:, **@subject.observed))
      nil
    rescue StandardError, ScriptError => e
      warn "octostore: the observer has failed at the event #{type} of #{@subject}: #{e.full_message}"
    end
  end
end
