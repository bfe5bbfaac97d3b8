# frozen_string_literal: true

require_relative "helper"

class LossTest < OctostoreTest
  def setup
    @name = lock_name
  end

  def test_a_lock_that_is_lost_tells_everybody
    lock = client.hold(@name, ttl: 1)
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

  def test_a_block_that_has_ended_is_not_interrupted
    lock = client.hold(@name, ttl: 1)
    assert_equal(:value, Octostore::Interruption.when_lost(lock) { :value })
    told = Queue.new
    lock.on_lost { told << true }
    take_away(lock)
    assert next_of(told)
  end
end
