# frozen_string_literal: true

require_relative "../flag"

module Octostore
  module Testing
    # A response other than a success.
    #
    # @api private
    class Refusal < StandardError
      # @return [Integer]
      attr_reader :status
      # @return [Hash] the body
      attr_reader :facts

      def initialize(status, code, sentence, **facts)
        super(sentence)
        @status = status
        @facts = { error: sentence, code:, request_id: "test", **facts }
      end
    end

    # How a lease holds a lock, or a request wants to.
    #
    # @api private
    Hold = Struct.new(:name, :mode, :limit, :permits, :slots, keyword_init: true) do
      # Whether two lists of locks are to be held in the same way.
      def self.same?(some, others)
        some.map(&:wish).sort_by(&:first) == others.map(&:wish).sort_by(&:first)
      end

      # Without what only a grant decides.
      def wish
        [name, mode, limit, permits]
      end
    end

    # One grant.
    #
    # @api private
    Lease = Struct.new(
      :id, :user, :session, :holds, :token, :ttl, :own_end, :metadata, :lock_delay, :min_hold, :granted_at, :requested,
      keyword_init: true
    ) do
      def hold_of(name)
        holds.find { |hold| hold.name == name }
      end

      def any_of?(others)
        others.any? { |hold| hold_of(hold.name) }
      end

      def ends_at
        [own_end, session&.ends_at].compact.min
      end

      def renew(seconds, now)
        self.ttl = seconds
        self.own_end = now + seconds
      end

      # Whether a request asks for this lease.
      def same?(others, other_session)
        session == other_session && Hold.same?(holds, others)
      end
    end

    # A session.
    #
    # @api private
    Session = Struct.new(:id, :user, :ttl, :ends_at, keyword_init: true)

    # A request for a lease, with its place in line.
    #
    # @api private
    Ticket = Struct.new(
      :user, :holds, :wish, :since, :answered, :kept_until, :has_returned, :lease, keyword_init: true
    ) do
      def id
        wish.fetch(:lease_id)
      end

      # Whether a client waits for the answer. Otherwise the place is only kept.
      def asking?
        kept_until.nil?
      end

      def wants?(name)
        holds.any? { |hold| hold.name == name }
      end
    end
  end
end
