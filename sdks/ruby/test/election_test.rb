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

  def test_an_election_in_the_background_can_be_stopped
    leading = Queue.new
    election = client.start_election(@name, ttl: 10) { |_, told| told.wait if leading << true }
    next_of(leading)
    assert_nil election.join(0)
    assert_equal "#<Octostore::Election #{@name} (running)>", election.inspect
    election.stop
    assert_free @name
    assert_same election, election.join
    assert_nil election.value
  end

  def test_an_election_in_the_background_can_be_asked_whether_it_has_ended
    election = client.start_election(@name, ttl: 10, once: true) { |_, told| told.wait }
    refute_predicate election, :ended?
    election.stop
    assert_predicate election, :ended?
  end

  def test_an_election_in_the_background_ends_with_the_flag_of_its_program
    stop = Octostore::Flag.new
    election = client.start_election(@name, ttl: 10, stop:) { |_, told| stop.set && told.wait }
    assert_same election, election.join(SOON)
    assert_free @name
  end

  def test_an_election_in_the_background_tells_its_error
    ended = Queue.new
    out, err = capture_io do
      election = client.start_election(@name, ttl: 10) { raise KeyError, "no disk" }
      election.on_ended { |error| ended << error }
      assert_equal "no disk", next_of(ended).message
      assert_raises(KeyError) { election.join(SOON) }
      assert_raises(KeyError) { election.value }
      assert_nil election.stop
    end
    assert_empty out + err
    assert_free @name
  end

  def test_an_error_that_nobody_asks_for_is_logged
    said, status = run_program(<<~RUBY)
      ended = Octostore::Client.new(token: false).start_election("a") { raise }
      sleep 0.01 until ended.ended?
    RUBY
    assert_predicate status, :success?
    assert_match(/the election of the lock a has ended: .*OCTOSTORE_TOKEN/m, said)
    refute_match(/terminated with exception/, said)
  end

  def test_a_campaign_that_is_stopped_is_given_up_at_once
    requests = Queue.new
    url = misbehaving do |socket|
      requests << socket.gets.split[1]
      sleep
    end
    election = client(base_url: url).start_election(@name, ttl: 30) { flunk }
    assert_match(/acquire/, next_of(requests))
    election.stop
    assert_match(/release/, next_of(requests))
  end

  def test_a_stopped_election_asks_for_nothing
    stop = Octostore::Flag.new
    stop.set
    assert_nil(client(base_url: "http://127.0.0.1:1").elect(@name, stop:) { flunk })
  end
end
