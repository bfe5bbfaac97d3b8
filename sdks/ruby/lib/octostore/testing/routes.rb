# frozen_string_literal: true

require "json"
require "securerandom"
require "uri"
require_relative "answers"
require_relative "law"
require_relative "lock_routes"
require_relative "records"
require_relative "session_routes"
require_relative "validation"

module Octostore
  module Testing
    # Answers the requests of the HTTP API. One at a time, except while it waits for a lock.
    #
    # @api private
    class Routes
      include LockRoutes
      include SessionRoutes

      TABLE = [
        [:get, %r{\A/health\z}, :health],
        [:get, %r{\A/locks\z}, :list],
        [:get, %r{\A/locks/([^/]+)\z}, :status],
        [:post, %r{\A/locks/([^/]+)/(renew|release|convert|break|request-release)\z}, :change],
        [:get, %r{\A/leases/([^/]+)\z}, :lease],
        [:post, %r{\A/leases/([^/]+)/(renew)\z}, :change_lease],
        [:delete, %r{\A/leases/([^/]+)\z}, :change_lease],
        [:get, %r{\A/queues/([^/]+)\z}, :queue],
        [:delete, %r{\A/queues/([^/]+)/([^/]+)\z}, :leave_queue],
        [:get, %r{\A/fences/([^/]+)\z}, :fence],
        [:post, %r{\A/fences/([^/]+)/(advance|check)\z}, :compare],
        [:post, %r{\A/sessions\z}, :create_session],
        [:post, %r{\A/sessions/([^/]+)/keepalive\z}, :keepalive],
        [:get, %r{\A/sessions/([^/]+)\z}, :session],
        [:delete, %r{\A/sessions/([^/]+)\z}, :end_session]
      ].freeze
      LEFT_OUT = %w[watch webhooks admin auth status metrics policy.schema.json .well-known me tokens].freeze
      private_constant :TABLE, :LEFT_OUT

      # @param admins [Array<String>] users who may break locks
      def initialize(clock, admins)
        @clock = clock
        @admins = admins
        @law = Law.new(clock)
        @answers = Answers.new(@law, clock)
        @fences = Hash.new(0)
      end

      # @return [Law]
      attr_reader :law

      # @return [Array(Integer, Object)] the status, and what becomes JSON
      def answer(verb, path, query, user, body)
        verb = verb.downcase.to_sym
        _, shape, name = TABLE.find { |one, pattern, _| one == verb && pattern.match?(path) }
        nothing_at(verb, path) unless shape

        parts = shape.match(path).captures.map { |part| URI.decode_www_form_component(part) }
        @query = query
        send(name, user, body, *parts)
      end

      # @return [Array<Hold>, nil] what an acquire asks for; nil if the request is none
      def wanted(verb, path, body)
        return unless verb == "POST"
        return Validation.locks(body).map { |lock| Validation.hold(lock) } if path == "/leases"

        name = path[%r{\A/locks/([^/]+)/acquire\z}, 1]
        name && [Validation.hold({ **body, "name" => URI.decode_www_form_component(name) })]
      end

      # Asks for what an acquire wants.
      #
      # @return [Array(Ticket, Boolean)] as {Law#ask}
      def ask(user, holds, body)
        session = body["session_id"] && session_of(user, body["session_id"])
        ttl = Validation.ttl(body)
        wish = {
          lease_id: body["lease_id"] || SecureRandom.uuid, is_chosen: !body["lease_id"].nil?, ttl:, session:,
          metadata: body["metadata"], **Validation.delays(body, holds, ttl)
        }
        @law.ask(user, holds, wish)
      end

      # The wait of an acquire is over.
      def conclude(ticket, before, single, waited:)
        lease = @law.conclude(ticket, waited:)
        [200, @answers.lease(lease, before ? "held" : "acquired", single && lease.holds.first)]
      end

      # @return [String] JSON
      def refusal(refusal)
        JSON.generate(@answers.refusal(refusal))
      end

      private

      # What the double leaves out is not the same as what the server does not have.
      def nothing_at(verb, path)
        resource = path.split("/")[1]
        unless LEFT_OUT.include?(resource) || path.end_with?("/watch")
          raise Refusal.new(404, "route_not_found", "There is nothing at this address.")
        end

        raise Refusal.new(501, "not_in_double", "The test double does not answer #{verb} #{path}.")
      end

      def health(*)
        [200, "OK"]
      end
    end
  end
end
