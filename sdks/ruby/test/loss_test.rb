# frozen_string_literal: true

require_relative "helper"
require "minitest/mock"

class LossTest < OctostoreTest
  def setup
    @name = lock_name
  end

  def test_a_lock_that_is_lost_tells_everybody
    lock = client.hold(@name, ttl: 3)
    told = Queue.new
    lock.on_lost { |loss| told << loss }
    take_away(lock)
    assert lock.wait_lost(SOON)
    loss = next_of(told)
    assert_instance_of Octostore::LostError, loss
    assert_equal 404, loss.status
    # Also those who ask later.
    lock.on_lost { |again| told << again }
    assert_same loss, next_of(told)
  end

  def test_a_lock_that_is_lost_can_be_asked_and_closed
    lock = client.hold(@name, ttl: 1)
    take_away(lock)
    lock.wait_lost(SOON)
    assert_predicate lock, :lost?
    assert_match(/#{@name} is lost/, assert_raises(Octostore::LostError) { lock.raise_if_lost! }.message)
    assert_equal 0, lock.remaining
    assert_nil lock.close
  end

  def test_the_text_form_tells_what_is_left
    lock = client.hold(@name, ttl: 10)
    assert_match(/\A#<Octostore::Lock #{@name} fencing_token=#{lock.fencing_token} \(\d+\.\d s left\)>\z/, lock.inspect)
    lock.close
    assert_match(/\(closed\)/, lock.to_s)
    lost = client.hold(@name, ttl: 1)
    take_away(lost)
    lost.wait_lost(SOON)
    assert_match(/\(lost\)/, lost.to_s)
    [lock, lost].each { |shown| refute_includes shown.inspect, shown.lease_id }
  end

  def test_a_lock_that_is_released_is_not_lost
    lock = client.hold(@name, ttl: 10)
    lock.on_lost { flunk }
    waiter = Thread.new { lock.wait_lost(SOON) }
    lock.release
    refute value_of(waiter)
    refute_predicate lock, :lost?
    lock.release
    lock.close
    assert_free @name
  end

  def test_a_block_can_be_interrupted
    ensured = false
    assert_raises(Octostore::LostError) do
      client.hold(@name, ttl: 1, interrupt: true) do |lock|
        take_away(lock)
        sleep
      ensure
        ensured = true
      end
    end
    assert ensured
  end

  def test_a_block_that_loses_its_lock_does_not_succeed
    error = assert_raises(Octostore::LockLostError) { lose_inside { :value } }
    assert_equal [@name, :value, 404], [error.lock, error.result, error.status]
    assert_match(/#{@name} is lost/, error.message)
    assert_instance_of Octostore::LostError, error.cause
  end

  def test_a_block_that_loses_its_lock_cannot_be_left_unnoticed
    assert_raises(Octostore::LockLostError) { lose_inside { break } }
    assert_raises(Octostore::LockLostError) { catch(:done) { lose_inside { throw :done } } }
  end

  def test_a_block_that_fails_and_loses_its_lock_fails_with_its_own_error
    error = assert_raises(KeyError) { lose_inside { raise KeyError } }
    assert_instance_of Octostore::LostError, error.cause
    error = assert_raises(Octostore::LostError) { lose_inside(&:raise_if_lost!) }
    assert_instance_of Octostore::LostError, error
  end

  def test_a_thread_that_is_killed_is_not_told_of_the_loss
    lost = Queue.new
    thread = Thread.new { lose_inside { sleep if lost << true } }
    next_of(lost)
    thread.kill
    assert_nil value_of(thread)
  end

  def test_a_lock_that_is_lost_by_time_is_given_up_in_the_background
    releases = Queue.new
    lock = client(base_url: granting { |path| releases << path if path.end_with?("release") }).hold(@name, ttl: 1)
    assert lock.wait_lost(SOON)
    # The server does not answer it, so this would not come to its end.
    lock.close
    assert_match(%r{/release$}, next_of(releases))
    assert_empty releases
  end

  def test_suspended_time_counts
    assert_equal Process::CLOCK_BOOTTIME, Octostore::Clock::ID if Process.const_defined?(:CLOCK_BOOTTIME)
    lock = client.hold(@name, ttl: 3600)
    told = Queue.new
    lock.on_lost { |loss| told << loss }
    await_sleep(lock.keeper)
    later = -> { Process.clock_gettime(Octostore::Clock::ID) + 3600 }
    # Although no one asks.
    Octostore::Clock.stub(:now, later) { assert_match(/in time/, next_of(told).message) }
  ensure
    take_away(lock)
  end

  def test_a_block_that_has_ended_is_not_interrupted
    lock = client.hold(@name, ttl: 1)
    assert_equal(:value, Octostore::Interruption.when_lost(lock) { :value })
    told = Queue.new
    lock.on_lost { told << true }
    take_away(lock)
    assert next_of(told)
  end

  private

  # Waits until it waits for the time of its next renewal.
  def await_sleep(keeper)
    thread = keeper.instance_variable_get(:@thread)
    Timeout.timeout(SOON) { sleep 0.01 until thread.stop? }
  end

  # Holds a lock, lets it be lost, and goes on.
  def lose_inside
    client.hold(@name, ttl: 1) do |lock|
      take_away(lock)
      lock.wait_lost(SOON)
      yield lock
    end
  end
end
