# frozen_string_literal: true

require_relative "helper"
require "octostore/testing"

# The test double. The clients are real, so this needs no server.
class TestingTest < OctostoreTest
  def setup
    @store = Octostore::Testing::Server.new
    @ada = @store.client("ada")
    @bob = @store.client("bob")
  end

  def test_a_lock_is_renewed_for_as_long_as_it_is_held
    @ada.hold("a", ttl: 30) do |lock|
      @store.advance(3600)
      refute_predicate lock, :lost?
      assert_equal "ada", @bob.lock_status("a").holder
      assert_in_delta 30, lock.remaining, 10
    end
    assert_equal "available", @bob.lock_status("a").status
  end

  def test_a_refusal_names_the_holder_and_the_end
    @ada.hold("a", ttl: 30, metadata: "nightly") do
      @store.advance(15)
      error = assert_raises(Octostore::LockHeldError) { @bob.hold("a") }
      assert_equal ["ada", "nightly", @store.now + 25], [error.holder, error.metadata, error.expires_at]
      assert_match(/The lock "a" is held by ada/, error.message)
    end
  end

  def test_a_lease_expires_unless_it_is_renewed
    first = @ada.acquire("a", ttl: 30)
    @store.advance(29)
    assert_equal "held", @ada.lock_status("a").status
    @store.advance(1)
    assert_equal "available", @ada.lock_status("a").status
    assert_raises(Octostore::NotFoundError) { @ada.renew("a", first.lease_id, ttl: 30) }
    assert_operator @bob.acquire("a").fencing_token, :>, first.fencing_token
  end

  def test_a_lock_that_cannot_be_renewed_is_lost_before_it_expires
    lock = @ada.hold("a", ttl: 30)
    @store.reachable = false
    @store.advance(26)
    refute_predicate lock, :lost?
    @store.advance(1)
    assert_predicate lock, :lost?
    @store.reachable = true
    assert_equal "held", @bob.lock_status("a").status
    lock.close
  end

  def test_waiters_get_the_lock_in_order
    lock = @ada.hold("a")
    waiting = %w[one two].each_with_index.map do |name, before|
      thread = Thread.new { @store.client(name).acquire("a", ttl: 10, wait: 600) }
      @store.await_waiters("a", before + 1)
      thread
    end
    @store.advance(100)
    assert_equal(%w[one two], @bob.queue("a").queue.map(&:holder))
    lock.close
    assert_equal "one", value_of(waiting.first).holder
    @store.advance(10)
    assert_equal "two", value_of(waiting.last).holder
  end

  def test_a_wait_ends_when_its_time_is_over
    @ada.hold("a") do
      waiting = Thread.new { assert_raises(Octostore::LockHeldError) { @bob.hold("a", wait: 60) } }
      @store.await_waiters("a")
      @store.advance(59)
      assert_predicate waiting, :alive?
      @store.advance(1)
      value_of(waiting)
    end
  end

  def test_a_waiter_that_is_stopped_leaves_the_line
    stop = Octostore::Flag.new
    @ada.hold("a") do
      waiting = Thread.new { assert_raises(Octostore::Stopped) { @bob.hold("a", wait: 60, stop:) } }
      @store.await_waiters("a")
      stop.set
      value_of(waiting)
      @store.await_waiters("a", 0)
    end
    @ada.hold("a") { |lock| refute_predicate lock, :lost? }
  end

  def test_locks_can_be_shared_and_counted
    @ada.hold("a", mode: "shared") do |reader|
      @bob.hold("a", mode: "shared") { assert_raises(Octostore::LockHeldError) { reader.convert("exclusive") } }
      before = reader.fencing_token
      reader.convert("exclusive")
      assert_operator reader.fencing_token, :>, before
    end
    @ada.hold("b", limit: 3, permits: 2) do |lock|
      assert_equal [[0, 1], [2]], [lock.slots, @bob.hold("b", limit: 3, &:slots)]
      assert_equal "limit_mismatch", assert_raises(Octostore::LockHeldError) { @bob.hold("b", limit: 4) }.code
      assert_raises(Octostore::LockHeldError) { @bob.hold("b", limit: 3, permits: 2) }
    end
  end

  def test_readers_wait_behind_a_writer
    reader = @ada.hold("a", mode: "shared")
    writer = Thread.new { @bob.hold("a", wait: 60) }
    @store.await_waiters("a")
    assert_equal "lock_queued", assert_raises(Octostore::LockHeldError) { @ada.hold("a", mode: "shared") }.code
    reader.close
    value_of(writer).close
  end

  def test_several_locks_are_held_together
    @ada.hold_all(["a", { name: "b", mode: "shared" }], ttl: 30) do |lock|
      @store.advance(100)
      assert_equal([%w[a exclusive], %w[b shared]], lock.locks.map { |one| [one.name, one.mode] })
      assert_raises(Octostore::LockHeldError) { @bob.hold_all(%w[c a]) }
      lock.convert("shared", name: "a")
      assert_equal "shared", lock.locks.first.mode
    end
    assert_empty @bob.list_locks
  end

  def test_sessions_are_kept_alive_and_take_their_locks_along
    session = @ada.open_session(ttl: 30)
    lock = @ada.hold("a", ttl: 3600, session:)
    @store.advance(300)
    assert_equal 1, @ada.session_status(session.session_id).lock_count
    session.finish
    assert_predicate lock, :lost?
    assert_equal "available", @bob.lock_status("a").status
    single = @ada.create_session(ttl: 10)
    @store.advance(10)
    assert_raises(Octostore::NotFoundError) { @ada.keepalive(single.session_id) }
  end

  def test_fences_refuse_lower_tokens
    low, high = Array.new(2) { @ada.hold("a", &:fencing_token) }
    @ada.fences.advance("f", high)
    assert_equal high, assert_raises(Octostore::StaleTokenError) { @ada.fences.check("f", low) }.highest
    assert_equal high, @bob.fences.get("f").highest
  end

  def test_others_can_ask_for_a_lock_and_break_it
    lock = @ada.hold("a", ttl: 30)
    requests = Queue.new
    lock.on_release_requested { |request| requests << request.message }
    @bob.request_release("a", message: "please")
    @store.advance(10)
    assert_equal "please", next_of(requests)
    assert_raises(Octostore::PermissionError) { @bob.break_lock("a", reason: "it hangs") }
    @store.client("root", admin: true).break_lock("a", reason: "it hangs")
    @store.advance(10)
    loss = assert_raises(Octostore::LostError) { lock.raise_if_lost! }
    assert_equal "it hangs", loss.cause.reason
  end

  def test_locks_can_be_delayed
    @ada.hold("a", min_hold: 30) { nil }
    assert_equal @store.now + 30, @bob.lock_status("a").available_at
    assert_equal "lock_delayed", assert_raises(Octostore::LockHeldError) { @bob.hold("a") }.code
    @store.advance(30)
    @bob.acquire("a", ttl: 10, lock_delay: 5)
    @store.advance(10)
    assert_equal "delayed", @ada.lock_status("a").status
  end

  def test_one_candidate_leads_at_a_time
    leading = Queue.new
    elections = %w[ada bob].map do |user|
      @store.client(user).start_election("a", ttl: 10) { |_, told| (leading << user) && told.wait }
    end
    first = next_of(leading)
    @store.await_waiters("a")
    @store.advance(100)
    assert_empty leading
    elections[%w[ada bob].index(first)].stop
    refute_equal first, next_of(leading)
  ensure
    elections.each(&:stop)
  end

  def test_tokens_are_checked_and_what_is_not_there_says_so
    stranger = Octostore::Client.new(token: "wrong", transport: @store)
    assert_raises(Octostore::AuthenticationError) { stranger.list_locks }
    assert_equal "OK", stranger.health
    assert_match(/test double/, assert_raises(Octostore::ServerError) { @ada.webhooks.list }.message)
  end

  def test_results_and_errors_can_be_built
    lease = Octostore::Lease.new(name: "a", fencing_token: 7)
    assert_equal ["a", 7, nil], [lease.name, lease.fencing_token, lease.metadata]
    assert_equal "a", Octostore::LockHeldError.new("held", lock: "a").lock
    assert_equal 8, Octostore::StaleTokenError.new("stale", highest: 8).highest
  end

  def test_programs_do_not_load_it_by_themselves
    said, = run_program("p defined?(Octostore::Testing)")
    assert_equal "nil\n", said
  end
end
