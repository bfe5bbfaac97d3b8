# frozen_string_literal: true

require_relative "records"

module Octostore
  module Testing
    # What has ended, and is remembered for a while.
    #
    # @api private
    class Past
      # How long it is remembered, in seconds.
      SECONDS = 3600

      Broken = Struct.new(:user, :at, :refusal, keyword_init: true)
      private_constant :Broken

      def initialize
        @broken = {}
        @sessions = {}
      end

      def break(lease, by:, reason:, at:)
        facts = { reason:, broken_by: by, broken_at: at }
        refusal = Refusal.new(410, "lease_broken", "An operator has ended your lease.", **facts)
        @broken[lease.id] = Broken.new(user: lease.user, at:, refusal:)
      end

      def expire(session)
        @sessions[session.id] = session
      end

      def session_expired?(user, id)
        @sessions[id]&.user == user
      end

      # Refuses what concerns a lease that was broken.
      #
      # @raise [Refusal]
      def refuse_broken(user, id)
        broken = @broken[id]
        raise broken.refusal if broken&.user == user
      end

      def forget_before(now)
        @sessions.delete_if { |_, session| session.ends_at + SECONDS < now }
        @broken.delete_if { |_, broken| broken.at + SECONDS < now }
      end
    end
  end
end
