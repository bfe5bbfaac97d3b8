# frozen_string_literal: true

require "securerandom"
require_relative "records"
require_relative "validation"

module Octostore
  module Testing
    # The {Routes} of sessions and fences.
    #
    # @api private
    module SessionRoutes
      private

      def fence(_, _, name)
        [200, { name:, highest: @fences.fetch(name, 0) }]
      end

      def compare(_, body, name, verb)
        token = Validation.fencing_token(body, @law.last_token)
        highest = @fences[name]
        raise Refusal.new(409, "stale_fencing_token", "The fence has seen a higher token.", highest:) if token < highest

        @fences[name] = token if verb == "advance"
        fence(nil, nil, name)
      end

      def create_session(user, body)
        ttl = Validation.session_ttl(body)
        session = Session.new(id: SecureRandom.uuid, user:, ttl:, ends_at: @clock.now + ttl)
        @law.sessions[session.id] = session
        [201, @answers.session(session)]
      end

      def keepalive(user, _, id)
        session = session_of(user, id)
        session.ends_at = @clock.now + session.ttl
        [200, @answers.session(session)]
      end

      def session(user, _, id)
        [200, @answers.session(session_of(user, id))]
      end

      def end_session(user, _, id)
        @law.end_session(session_of(user, id))
        [204, nil]
      end

      def session_of(user, id)
        session = @law.sessions[id]
        return session if session && session.user == user

        if @law.past.session_expired?(user, id)
          raise Refusal.new(410, "session_expired", "The session has expired. Open a new one.")
        end

        raise Refusal.new(404, "session_not_found", "You have no such session.")
      end
    end
  end
end
