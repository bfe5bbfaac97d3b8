# frozen_string_literal: true

require_relative "octostore/client"
require_relative "octostore/errors"
require_relative "octostore/flag"
require_relative "octostore/rules"
require_relative "octostore/version"
require_relative "octostore/webhook_signature"

# Locks, leaders and sessions over HTTP. Begin with {Client}.
module Octostore
  # Checks that a webhook message was signed with the secret, within the last five minutes. Remember the header
  # `webhook-id` to recognise repeats.
  #
  # @param secret [String] as it was given to {Webhooks#create}
  # @param headers [Hash, #each] pairs of names and values as your server gives them, a Rack environment included; upper
  #   and lower case do not matter
  # @param body [String] exactly the bytes that came
  # @param now [Time, Numeric] the time, or seconds since 1970
  # @raise [SignatureError] if not
  # @return [nil]
  def self.verify_webhook(secret, headers, body, now: Time.now)
    WebhookSignature.new(secret, headers, body).verify(now.to_f)
  end
end
