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
    Hold = Struct.new(:name, :mode, :limit, :permits, :slots, keyword_init: true)

    # One grant.
    #
    # @api private
    Lease = Struct.new(
      :id, :user, :session, :holds, :token, :own_end, :metadata, :lock_delay, :min_hold, :granted_at, :requested,
      keyword_init: true
    ) do
      def hold_of(name)
        holds.find { |hold| hold.name == name }
      end

      def ends_at
        [own_end, session&.ends_at].compact.min
      end
    end

    # A session.
    #
    # @api private
    Session = Struct.new(:id, :user, :ttl, :ends_at, keyword_init: true)

    # A request for a lease, with its place in line.
    #
    # @api private
    Ticket = Struct.new(:user, :holds, :wish, :since, :answered, :kept_until, :lease, keyword_init: true) do
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
