# frozen_string_literal: true

require_relative "octostore/client"
require_relative "octostore/errors"
require_relative "octostore/flag"
require_relative "octostore/rules"
require_relative "octostore/version"
require_relative "octostore/webhook_signature"

# Locks, leaders and sessions over HTTP. Begin with {Client}.
module Octostore
  # Checks that a webhook delivery was signed with the secret, with a timestamp at most five minutes off. Remember the
  # header `webhook-id` to recognise repeats.
  #
  # @param secret [String] as passed to {Webhooks#create}
  # @param headers [Hash, #each] names and values as your server provides them, or a Rack environment; in any letter
  #   case
  # @param body [String] exactly the bytes received
  # @param now [Time, Numeric] the current time, or seconds since 1970
  # @raise [SignatureError] if the check fails
  # @return [nil]
  def self.verify_webhook(secret, headers, body, now: Time.now)
    WebhookSignature.new(secret, headers, body).verify(now.to_f)
  end
end
