# frozen_string_literal: true

require_relative "helper"

# How a program can send the requests in its own way.
class OwnTransportTest < OctostoreTest
  TOKEN = "pa55word"

  def test_a_transport_sends_all_requests
    requests = Queue.new
    transport = lambda do |request|
      requests << request
      [200, { "Content-Type" => "application/json" }, [lease.to_json]]
    end
    client = client(base_url: "https://locks.example/base", token: TOKEN, transport:)
    assert_equal 1, client.acquire("a/b", ttl: 10).fencing_token
    request = next_of(requests)
    assert_equal ["POST", "https://locks.example/base/locks/a%2Fb/acquire"], [request.verb, request.url]
    assert_equal "Bearer #{TOKEN}", request.headers["authorization"]
    assert_equal 10, JSON.parse(request.body)["ttl_seconds"]
    refute_predicate request, :fresh?
    refute_includes request.inspect, TOKEN
  end

  def test_it_learns_what_must_not_be_sent_on_an_old_connection
    requests = Queue.new
    transport = ->(request) { (requests << request) && [204, {}, nil] }
    client = client(transport:)
    client.end_session("a")
    assert_raises(Octostore::ServerError) { client.create_session }
    assert_equal([["DELETE", false, nil], ["POST", true, true]],
                 Array.new(2) { next_of(requests) }.map { |one| [one.verb, one.fresh?, one.body && true] })
  end

  def test_redirects_are_not_followed
    client = client(transport: ->(_) { [302, { "location" => "http://evil.example/" }, ""] })
    assert_equal 302, assert_raises(Octostore::ServerError) { client.list_locks }.status
  end

  def test_a_failure_is_one_of_the_network
    failure = KeyError.new(TOKEN)
    error = assert_raises(Octostore::NetworkError) { client(transport: ->(_) { raise failure }).create_session }
    assert_same failure, error.cause
    assert_predicate error, :sent?
    refute_includes error.message, TOKEN
    [nil, ["x", {}, ""], [200, 1, ""]].each do |answer|
      assert_raises(Octostore::NetworkError, answer.inspect) { client(transport: ->(_) { answer }).create_session }
    end
  end

  def test_what_was_not_sent_is_repeated
    answers = [-> { raise Octostore::NetworkError.new("no way", sent: false) },
               -> { [201, {}, { session_id: "s", expires_at: Time.now.iso8601, keepalive_interval_secs: 3 }.to_json] }]
    assert_equal "s", client(transport: ->(_) { answers.shift.call }).create_session.session_id
  end

  def test_the_time_out_covers_the_transport
    ended = Queue.new
    transport = lambda do |_|
      sleep
    ensure
      ended << true
    end
    assert_raises(Octostore::TimeoutError) { client(transport:, timeout: 0.1).create_session }
    assert next_of(ended)
  end

  def test_the_body_can_be_a_stream
    closed = Queue.new
    body = Enumerator.new do |pieces|
      pieces << "id: 1\nevent: state\ndata: {\"status\":\"available\",\"name\":\"a\",\"message\":\"\","
      pieces << "\"fencing_token\":0,\"waiters\":0}\n\n"
      sleep
    end
    body.define_singleton_method(:close) { closed << true }
    transport = ->(_) { [200, { "Content-Type" => "text/event-stream" }, body] }
    assert_equal "available", client(transport:).watch("a").first.data.status
    assert next_of(closed)
  end

  def test_a_body_that_breaks_off_is_a_failure_of_the_network
    body = Enumerator.new { |_| raise KeyError, TOKEN }
    error = assert_raises(Octostore::NetworkError) { client(transport: ->(_) { [200, {}, body] }).create_session }
    assert_kind_of KeyError, error.cause
    refute_includes error.message, TOKEN
  end

  def test_net_http_can_be_set_up
    asked = Queue.new
    net_http = lambda do |host, port|
      asked << [host, port]
      Net::HTTP.new(host, port, nil)
    end
    there = ENV.fetch("OCTOSTORE_BASE_URL")
    assert_equal "OK", client(net_http:).health
    assert_equal [URI(there).hostname, URI(there).port], next_of(asked)
    error = assert_raises(Octostore::ValidationError) { client(net_http:, transport: ->(_) {}) }
    assert_match(/not both/, error.message)
  end
end
