# frozen_string_literal: true

require_relative "readers"
require_relative "request"

module Octostore
  # The user's webhooks, see {Client#webhooks}. All methods raise an {Error} if they fail.
  class Webhooks
    # @param caller [Caller]
    def initialize(caller)
      @caller = caller
    end

    # Creates a webhook. Each user can have ten.
    #
    # @param url [String] HTTPS
    # @param secret [String, nil] signs each delivery; never shown again
    # @param events [Array<String>, nil] "acquired", "released", "renewed", "expired" or "*"; all by default
    # @param lock_pattern [String, nil] which locks to send events for, as a glob such as "billing/*"; all by default
    # @return [Webhook]
    def create(url:, secret: nil, events: nil, lock_pattern: nil)
      body = { url:, secret:, events:, lock_pattern: }
      request = Request.new(:post, "/webhooks", body:)
      @caller.call(safe: false, read: Readers.of(:webhook)) { request }.value
    end

    # @return [Array<Webhook>]
    def list
      @caller.call(safe: true, read: Readers.list_of(:webhook)) { Request.new(:get, "/webhooks") }.value
    end

    # @param id [String]
    # @raise [NotFoundError] if you have no such webhook
    # @return [nil]
    def delete(id)
      request = Request.new(:delete, Request.path("webhooks", id))
      @caller.call(safe: true, removes: true, read: Readers.method(:nothing)) { request }
      nil
    end

    # The webhook's deliveries, newest event first.
    #
    # @param id [String] of the webhook
    # @param limit [Integer, nil] 1 to 100; 50 by default
    # @param before [Integer, nil] the `next_before` of the previous page
    # @return [Deliveries]
    def deliveries(id, limit: nil, before: nil)
      path = Request.query(Request.path("webhooks", id, "deliveries"), limit:, before:)
      @caller.call(safe: true, read: Readers.of(:deliveries)) { Request.new(:get, path) }.value
    end

    # Sends a delivery again.
    #
    # @param id [String] of the webhook
    # @param delivery_id [String]
    # @return [Delivery]
    def redeliver(id, delivery_id)
      request = Request.new(:post, Request.path("webhooks", id, "deliveries", delivery_id, "redeliver"))
      @caller.call(safe: false, read: Readers.of(:delivery)) { request }.value
    end
  end
end
