# frozen_string_literal: true

require_relative "helper"

class FencesTest < OctostoreTest
  def setup
    @name = lock_name
  end

  def test_a_fence_refuses_lower_tokens
    low, high = Array.new(2) { client.hold(@name, &:fencing_token) }
    assert_equal 0, client.fences.get(@name).highest
    assert_equal low, client.fences.advance(@name, low).highest
    assert_equal low, client.fences.check(@name, high).highest
    assert_equal high, client.fences.advance(@name, high).highest
    %i[advance check].each do |call|
      error = assert_raises(Octostore::StaleTokenError) { client.fences.public_send(call, @name, low) }
      assert_equal ["stale_fencing_token", high], [error.code, error.highest]
    end
  end

  def test_what_cannot_be_a_token_is_not_sent
    [0, -1, 2**53].each do |token|
      assert_raises(Octostore::ValidationError) { client(base_url: "http://127.0.0.1:1").fences.advance(@name, token) }
    end
    error = assert_raises(Octostore::ValidationError) { client.fences.get("a//b") }
    assert_match(/fence name/, error.message)
  end

  def test_an_answer_without_the_highest_token_cannot_be_understood
    url = answering { [409, { error: "Stale.", code: "stale_fencing_token" }] }
    error = assert_raises(Octostore::ServerError) { client(base_url: url).fences.advance(@name, 1) }
    assert_equal "stale_fencing_token", error.code
  end
end
