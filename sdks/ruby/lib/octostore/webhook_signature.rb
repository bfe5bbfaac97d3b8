# frozen_string_literal: true

require "openssl"
require_relative "errors"
require_relative "rules"

module Octostore
  # The Standard Webhooks signature of a webhook delivery.
  #
  # @api private
  class WebhookSignature
    BASE64_KEY_PREFIX = "whsec_"
    private_constant :BASE64_KEY_PREFIX

    # @param secret [String]
    # @param headers [Hash, #each] see {Octostore.verify_webhook}
    # @param body [String]
    def initialize(secret, headers, body)
      @secret = secret
      @headers = headers.each.to_h { |name, value| [header_name(name), Array(value).first.to_s.b] }
      @body = body
    end

    # @param now [Numeric] seconds since 1970
    # @raise [SignatureError]
    def verify(now)
      age = (now - timestamp).abs
      raise SignatureError, "the time stamp is too far off" if age > Rules::WEBHOOK_TOLERANCE_SECONDS

      expected = OpenSSL::HMAC.digest("SHA256", key, signed)
      # No early exit, so that the time it takes reveals nothing.
      good = signatures.map { |signature| same_bytes?(signature, expected) }
      raise SignatureError, "the signature does not match" if good.none?
    end

    private

    # The name as in HTTP, or as in Rack.
    def header_name(name)
      name.to_s.downcase.tr("_", "-").delete_prefix("http-")
    end

    def header(name)
      @headers.fetch(name, "")
    end

    def timestamp
      text = header("webhook-timestamp")
      raise SignatureError, "the time stamp is missing or no number" unless text.match?(/\A\d+\z/)

      text.to_i
    end

    def signed
      "#{header("webhook-id")}.#{header("webhook-timestamp")}.".b + @body.b
    end

    def key
      encoded = @secret.start_with?(BASE64_KEY_PREFIX)
      key = encoded ? bytes_of(@secret.delete_prefix(BASE64_KEY_PREFIX)) : @secret
      raise SignatureError, "the secret holds no key" if key.nil? || key.empty?

      key
    end

    def signatures
      entries = header("webhook-signature").split
      entries.filter_map { |entry| bytes_of(entry.delete_prefix("v1,")) if entry.start_with?("v1,") }
    end

    def bytes_of(base64)
      base64.unpack1("m0")
    rescue ArgumentError
      nil
    end

    def same_bytes?(signature, expected)
      signature.bytesize == expected.bytesize && OpenSSL.fixed_length_secure_compare(signature, expected)
    end
  end
end
