# frozen_string_literal: true

require_relative "helper"

class ElectionTest < OctostoreTest
  def setup
    @name = lock_name
  end

  def test_break_leaves_the_election
    client.elect(@name, ttl: 10) do |lock, told|
      refute_predicate told, :set?
      assert_equal @name, lock.name
      break
    end
    assert_free @name
  end

  def test_once
    tokens = []
    client.elect(@name, ttl: 10, once: true) { |lock, _| tokens << lock.fencing_token }
    assert_equal 1, tokens.size
    assert_free @name
  end

  def test_a_leader_that_returns_leads_again
    tokens = []
    client.elect(@name, ttl: 10) do |lock, _|
      tokens << lock.fencing_token
      break if tokens.size == 3
    end
    assert_equal tokens.uniq.sort, tokens
  end

  def test_what_the_leader_raises_ends_the_election
    assert_raises(KeyError) { client.elect(@name, ttl: 10) { raise KeyError } }
    assert_free @name
  end

  def test_an_error_of_the_library_in_the_leader_ends_the_election
    error = Octostore::UnavailableError.new("of something else")
    assert_same error, assert_raises(Octostore::UnavailableError) { client.elect(@name, ttl: 10) { raise error } }
  end

  def test_a_signal_handler_stops_the_election
    stop = Octostore::Flag.new
    before = trap("USR1") { stop.set }
    client.elect(@name, ttl: 10, stop:) do |_, told|
      Process.kill("USR1", Process.pid)
      assert told.wait(SOON)
    end
    assert_free @name
  ensure
    trap("USR1", before)
  end

  def test_calls_that_are_stopped_with_the_leader_end_it
    stop = Octostore::Flag.new
    inner = lock_name
    other.hold(inner, ttl: 30) do
      election = Thread.new do
        client.elect(@name, ttl: 10, stop:) { |_, told| client.hold(inner, wait: 60, stop: told) }
      end
      await_status(inner) { |status| status.waiters == 1 }
      stop.set
      assert_nil value_of(election)
    end
    assert_free @name
  end

  def test_a_stopped_election_asks_for_nothing
    stop = Octostore::Flag.new
    stop.set
    assert_nil(client(base_url: "http://127.0.0.1:1").elect(@name, stop:) { flunk })
  end
end
