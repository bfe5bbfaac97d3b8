# frozen_string_literal: true

require_relative "helper"

class BearerTest < OctostoreTest
  def setup
    @first = Octostore::Token.new("first")
    @bearer = Octostore::Bearer.new(@first)
    @never = Octostore::Flag.new
  end

  def test_what_is_refused_during_a_rotation_waits_for_its_end_and_no_longer_than_it_may
    rotate_for_long do |thread|
      refute @bearer.replaced?(@first, Octostore::Clock.now + 0.05, @never)
      waiting = Thread.new { @bearer.replaced?(@first, Octostore::Clock.now + SOON, @never) }
      thread.wakeup
      assert value_of(waiting)
    end
  end

  def test_a_wait_for_a_rotation_can_be_stopped
    rotate_for_long do
      stop = Octostore::Flag.new
      waiting = Thread.new do
        assert_raises(Octostore::Stopped) { @bearer.replaced?(@first, Octostore::Clock.now + (2 * SOON), stop) }
      end
      stop.set
      value_of(waiting)
    end
  end

  def test_the_end_of_a_rotating_thread_ends_the_rotation
    rotate_for_long do |thread|
      thread.kill
      refute @bearer.replaced?(@first, Octostore::Clock.now + (2 * SOON), @never)
      assert_same @first, @bearer.token
      assert_equal "Bearer third", @bearer.rotate { Octostore::Token.new("third") }.header
    end
  end

  def test_a_forked_process_does_not_wait_for_a_rotation_of_its_parent
    skip unless Process.respond_to?(:fork)
    rotate_for_long do
      child = fork do
        Timeout.timeout(SOON) { exit!(!@bearer.replaced?(@first, Octostore::Clock.now + (2 * SOON), @never)) }
      rescue Timeout::Error
        exit!(false)
      end
      assert_predicate Process.wait2(child).last, :success?
    end
  end

  private

  # Passes on a thread that rotates until it is woken.
  def rotate_for_long
    begun = Queue.new
    thread = Thread.new do
      @bearer.rotate do
        begun << true
        sleep
        Octostore::Token.new("second")
      end
    end
    next_of(begun)
    yield thread
  ensure
    thread.kill
  end
end
