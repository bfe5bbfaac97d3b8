# frozen_string_literal: true

require_relative "helper"

class HoldTest < OctostoreTest
  def setup
    @name = lock_name
  end

  def test_a_block_holds_the_lock_and_gives_its_value
    value = client.hold(@name, ttl: 10) do |lock|
      assert_held @name
      assert_operator lock.remaining, :>, 5
      refute_predicate lock, :lost?
      assert_nil lock.raise_if_lost!
      :value
    end
    assert_equal :value, value
    assert_free @name
  end

  def test_whatever_ends_the_block_releases_the_lock
    assert_raises(KeyError) { client.hold(@name, ttl: 30) { raise KeyError } }
    assert_free @name
    client.hold(@name, ttl: 30) { break }
    assert_free @name
    catch(:done) { client.hold(@name, ttl: 30) { throw :done } }
    assert_free @name
    assert_raises(Timeout::Error) { Timeout.timeout(0.5) { client.hold(@name, ttl: 30) { sleep } } }
    assert_free @name
  end

  def test_the_end_of_the_thread_releases_the_lock
    held = Queue.new
    thread = Thread.new { client.hold(@name, ttl: 30) { sleep if held << true } }
    next_of(held)
    thread.kill
    value_of(thread)
    assert_free @name
  end

  def test_a_waiter_that_is_ended_leaves_the_line
    other.hold(@name, ttl: 30) do
      thread = Thread.new { client.hold(@name, ttl: 30, wait: 60) }
      await_status(@name) { |status| status.waiters == 1 }
      thread.kill
      value_of(thread)
      await_status(@name) { |status| status.waiters.zero? }
    end
    assert_free @name
  end

  def test_a_waiter_that_is_stopped_leaves_the_line
    stop = Octostore::Flag.new
    other.hold(@name, ttl: 30) do
      thread = Thread.new { assert_raises(Octostore::Stopped) { client.hold(@name, ttl: 30, wait: 60, stop:) } }
      await_status(@name) { |status| status.waiters == 1 }
      stop.set
      value_of(thread)
      await_status(@name) { |status| status.waiters.zero? }
    end
    assert_free @name
  end

  def test_a_forked_process_has_no_lock
    skip unless Process.respond_to?(:fork)
    client.hold(@name, ttl: 10) do |lock|
      child = fork do
        lost = lock.lost? && lock.remaining.zero? && client.health == "OK"
        lock.close
        exit!(lost)
      end
      assert_predicate Process.wait2(child).last, :success?
      refute_predicate lock, :lost?
      assert_held @name
    end
    assert_free @name
  end

  def test_sessions_end_with_their_block_and_take_their_locks_along
    lock = client.open_session(ttl: 10) do |session|
      client.hold(@name, ttl: 60, session:).tap do |held|
        assert_equal 1, client.session_status(session.session_id).lock_count
        assert_operator held.remaining, :<, 10
      end
    end
    assert_predicate lock, :lost?
    assert_free @name
  end
end
