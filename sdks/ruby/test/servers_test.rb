# frozen_string_literal: true

require_relative "helper"

class ServersTest < OctostoreTest
  NOWHERE = "http://127.0.0.1:1"

  def test_a_client_goes_on_with_the_next_server
    there = ENV.fetch("OCTOSTORE_BASE_URL")
    [[NOWHERE, there], "#{NOWHERE}, #{there}/,", [NOWHERE, NOWHERE, there]].each do |urls|
      client = client(base_url: urls)
      assert_equal "#<Octostore::Client #{NOWHERE}, #{there}>", client.inspect
      # Not safe to repeat, but there was no connection.
      session = client.create_session(ttl: 10)
      client.end_session(session.session_id)
    end
  end

  def test_every_url_must_be_valid
    [[], "", " , ", "http://a,nonsense", ["http://a", "http://me:pa55word@b"]].each do |urls|
      error = assert_raises(Octostore::ValidationError) { client(base_url: urls) }
      refute_includes error.full_message, "pa55word"
    end
  end

  def test_one_that_works_is_kept_until_it_does_not
    all = Octostore::Servers.new("http://a,http://b,http://c")
    one, two = all.addresses
    all.leave(two)
    assert_same one, all.current
    all.leave(one)
    assert_same two, all.current
    assert_equal %w[http://b http://c http://a], all.from_current.map(&:to_s)
    all.keep(one)
    assert_same one, all.current
  end
end
