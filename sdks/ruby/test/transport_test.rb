# frozen_string_literal: true

require_relative "helper"

class TransportTest < OctostoreTest
  OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"

  def test_the_time_out_covers_the_whole_answer
    url = misbehaving do |socket|
      socket.write("HTTP/1.1 200 OK\r\nX: ")
      loop do
        socket.write("y")
        sleep 0.05
      end
    end
    began_at = Octostore::Clock.now
    assert_raises(Octostore::TimeoutError) { client(base_url: url, timeout: 0.3).create_session }
    assert_in_delta 0.3, Octostore::Clock.now - began_at, 3
  end

  def test_what_is_safe_goes_over_a_kept_connection
    connections = Queue.new
    url = misbehaving do |socket|
      connections << socket
      socket.write(OK) while socket.readpartial(10_000)
    end
    client = client(base_url: url)
    3.times { assert_equal "OK", client.health }
    assert_equal 1, connections.size
    # Not understood, but sent.
    assert_raises(Octostore::ServerError) { client.create_session }
    assert_equal 2, connections.size
  end

  def test_a_kept_connection_that_was_closed_is_no_failure
    requests = Queue.new
    url = misbehaving do |socket|
      requests << socket.readpartial(10_000)
      socket.write(OK)
    end
    client = client(base_url: url)
    3.times { client.health }
    assert_equal 3, requests.size
  end

  def test_no_connection_is_told_from_a_broken_one
    url = misbehaving(&:close)
    assert_predicate assert_raises(Octostore::NetworkError) { client(base_url: url).create_session }, :sent?
    @server.close
    refute_predicate assert_raises(Octostore::NetworkError) { client(base_url: url).create_session }, :sent?
  end

  def test_errors_name_the_server
    url = misbehaving { sleep }
    error = assert_raises(Octostore::TimeoutError) { client(base_url: url, timeout: 0.1).create_session }
    assert_match(/no answer from #{url} within 0\.\d+ s/, error.message)
    @server.close
    assert_match(/#{url}/, assert_raises(Octostore::NetworkError) { client(base_url: url).create_session }.message)
  end

  def test_what_had_no_effect_is_sent_again
    bodies = [%({"error": "Later.", "code": "no_leader"}), %({"error": "Later.", "code": "overloaded"})]
    requests = Queue.new
    url = misbehaving do |socket|
      requests << socket.readpartial(10_000)
      body = bodies.fetch(requests.size - 1)
      socket.write("HTTP/1.1 503 Later\r\nConnection: close\r\nContent-Length: #{body.size}\r\n\r\n#{body}")
    end
    error = assert_raises(Octostore::UnavailableError) { client(base_url: url).create_session }
    assert_equal ["overloaded", 2], [error.code, requests.size]
  end

  def test_a_call_can_be_ended_from_outside
    url = misbehaving(&:read)
    assert_raises(Timeout::Error) { Timeout.timeout(0.2) { client(base_url: url).health } }
  end

  def test_a_text_that_cannot_be_sent_is_refused_unseen
    error = assert_raises(Octostore::ValidationError) do
      client.webhooks.create(url: "https://hooks.invalid/", secret: "pa55word\xFF")
    end
    refute_includes error.full_message, "pa55word"
  end

  def test_threads_share_a_client
    client = client()
    name = lock_name
    threads = Array.new(8) { |at| Thread.new { client.acquire("#{name}/#{at}", ttl: 10) } }
    leases = threads.map { |thread| value_of(thread) }
    assert_equal 8, leases.map(&:fencing_token).uniq.size
    leases.each { |lease| client.release(lease.name, lease.lease_id) }
  end
end
