# frozen_string_literal: true

require_relative "helper"

class WebhookSignatureTest < Minitest::Test
  SECRET = "a-secret"
  BODY = "{\"event\":\"acquired\",\"lock\":\"ä/b\"}"
  SIGNATURE = "v1,vG/ifyxIfIv/97d0aQwilDkYyc3k/CLKaBDDCH/ejik="
  NOW = 1_700_000_000
  HEADERS = { "webhook-id" => "msg-1", "webhook-timestamp" => NOW.to_s, "webhook-signature" => SIGNATURE }.freeze

  def test_headers_of_many_kinds
    [
      HEADERS,
      HEADERS.transform_keys { |name| name.tr("-", "_").to_sym },
      HEADERS.transform_keys { |name| "HTTP_#{name.tr("-", "_").upcase}" },
      HEADERS.transform_values { |value| [value] },
      HEADERS.to_a
    ].each { |headers| assert_nil Octostore.verify_webhook(SECRET, headers, BODY, now: NOW) }
  end

  def test_times_and_bytes
    assert_nil Octostore.verify_webhook(SECRET, HEADERS, BODY.b, now: Time.at(NOW))
  end

  def test_what_is_refused
    [
      [SECRET, HEADERS, "#{BODY} "],
      ["", HEADERS, BODY],
      ["whsec_", HEADERS, BODY],
      ["whsec_!", HEADERS, BODY],
      [SECRET, {}, BODY],
      [SECRET, { **HEADERS, "webhook-timestamp" => "#{NOW}\n" }, BODY],
      [SECRET, { **HEADERS, "webhook-signature" => "\xFF" }, BODY]
    ].each do |message|
      assert_raises(Octostore::SignatureError, message.inspect) { Octostore.verify_webhook(*message, now: NOW) }
    end
    assert_raises(Octostore::SignatureError) { Octostore.verify_webhook(SECRET, HEADERS, BODY) }
  end
end
