# frozen_string_literal: true

require_relative "helper"

class FlagTest < OctostoreTest
  def setup
    @flag = Octostore::Flag.new
  end

  def test_it_is_set_once
    refute_predicate @flag, :set?
    assert @flag.set(:why)
    refute @flag.set(:again)
    assert_predicate @flag, :set?
    assert_equal :why, @flag.value
  end

  def test_who_waits_is_woken
    waiters = Array.new(3) { Thread.new { @flag.wait } }
    @flag.set
    waiters.each { |waiter| assert value_of(waiter) }
  end

  def test_who_waits_too_short_is_told_so
    refute @flag.wait(0.01)
    refute @flag.wait(-1)
    assert_nil @flag.pause(0.01)
    @flag.set
    assert @flag.wait(0.01)
    assert_raises(Octostore::Stopped) { @flag.pause(SOON) }
    assert_raises(Octostore::Stopped) { @flag.check! }
  end

  def test_listeners
    heard = []
    @flag.on_set { |value| heard << value }
    @flag.off(@flag.on_set { flunk })
    @flag.set(1)
    @flag.on_set { |value| heard << (value + 1) }
    assert_equal [1, 2], heard
  end
end
