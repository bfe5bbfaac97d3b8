# frozen_string_literal: true

require_relative "helper"

# What others can do about a lock that someone holds.
class InterventionsTest < OctostoreTest
  BROKEN = { error: "An operator has ended your lease.", code: "lease_broken", reason: "it hangs", broken_by: "ada",
             broken_at: "2026-01-02T03:04:05.000Z" }.freeze

  def setup
    @name = lock_name
  end

  def test_a_handle_learns_once_of_each_request_to_release
    client.hold(@name, ttl: 6) do |lock|
      requests = Queue.new
      lock.on_release_requested { |request| requests << request }
      2.times do |number|
        other.request_release(@name, message: "please #{number}")
        assert_equal "please #{number}", next_of(requests).message
      end
      assert_equal "please 1", lock.release_requested.message
      lock.on_release_requested { |request| requests << request }
      assert_equal lock.release_requested, next_of(requests)
      # Renewals show it again, and no one hears of it again.
      await_renewal(@name)
      assert_empty requests
    end
  end

  def test_no_one_can_be_asked_for_a_free_lock
    assert_raises(Octostore::NotFoundError) { client.request_release(@name) }
  end

  def test_a_line_can_be_read_and_left
    client.hold(@name, ttl: 30) do
      lease_id = SecureRandom.uuid
      # The server keeps the place for some seconds.
      assert_raises(Octostore::LockHeldError) { other.acquire(@name, lease_id:, wait: 1, mode: "shared") }
      place = client.queue(@name).queue.first
      assert_equal [1, "shared", false, nil], [place.position, place.mode, place.asking, place.lease_id]
      assert_equal lease_id, other.queue(@name).queue.first.lease_id
      other.leave_queue(@name, lease_id)
      assert_equal 0, client.queue(@name).total
      assert_raises(Octostore::NotFoundError) { other.leave_queue(@name, lease_id) }
    end
  end

  def test_not_everyone_may_break_a_lock
    client.hold(@name) do
      assert_raises(Octostore::PermissionError) { client.break_lock(@name, reason: "it hangs") }
    end
  end

  def test_a_break_says_what_has_ended
    said = { status: "broken", name: "a", lease_count: 2, fencing_tokens: [3, 4], ended_delay: false }
    asked = Queue.new
    url = answering { |_, body| [200, said.tap { asked << body }] }
    result = client(base_url: url).break_lock("a", reason: "it hangs", fencing_token: 3)
    assert_equal [2, [3, 4], false], result.to_a
    assert_equal({ "reason" => "it hangs", "fencing_token" => 3 }, next_of(asked))
  end

  def test_a_break_is_not_repeated_blindly
    requests = Queue.new
    url = misbehaving { |socket| requests << socket.readpartial(10_000) }
    assert_raises(Octostore::NetworkError) { client(base_url: url).break_lock("a", reason: "it hangs") }
    assert_equal 1, requests.size
  end

  def test_a_handle_says_who_has_broken_its_lease
    url = answering { |path, _| path.end_with?("/acquire") ? [200, lease] : [410, BROKEN] }
    lock = client(base_url: url).hold("a", ttl: 3)
    assert lock.wait_lost(SOON)
    loss = assert_raises(Octostore::LostError) { lock.raise_if_lost! }
    assert_equal %(the lock a is lost: ada broke it ("it hangs")), loss.message
    assert_kind_of Octostore::LeaseBrokenError, loss.cause
    assert_equal ["it hangs", "ada", 2026], [loss.cause.reason, loss.cause.broken_by, loss.cause.broken_at.year]
    # Where it was raised, not where it was noticed.
    assert_includes loss.backtrace.join, "raise_if_lost!"
    lock.close
  end

  def test_a_break_whose_details_cannot_be_read_is_one_nevertheless
    url = answering { [410, { error: "Gone.", code: "lease_broken" }] }
    error = assert_raises(Octostore::NotFoundError) { client(base_url: url).renew("a", "b", ttl: 10) }
    assert_equal "lease_broken", error.code
  end
end
