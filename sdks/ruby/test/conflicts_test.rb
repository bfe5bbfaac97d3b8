# frozen_string_literal: true

require_relative "helper"

# Locks that no one holds, but no one can have.
class ConflictsTest < OctostoreTest
  def test_conflicts_are_held_errors
    %w[lock_queued lock_delayed limit_mismatch].each do |code|
      error = assert_raises(Octostore::LockHeldError) { Octostore::Answers.result(conflict(code), nil) }
      assert_equal ["Not now.", code, "a/b", nil], [error.message, error.code, error.lock, error.holder]
    end
  end

  def test_the_message_says_who_holds_the_lock
    error = Octostore::Answers.error(conflict("lock_held", holder: "ci"))
    assert_equal %(The lock "a/b" is held by ci (until 2026-01-02T03:04:05Z).), error.message
  end

  def test_a_misused_lease_id_is_a_mistake
    assert_instance_of Octostore::ValidationError, Octostore::Answers.error(conflict("lease_mismatch"))
  end

  def test_a_delayed_lock_has_a_status
    name = lock_name
    status = Octostore::Readers.of(:lock_status).call(<<~JSON)
      { "status": "delayed", "name": "#{name}", "message": "Soon.", "fencing_token": 7, "waiters": 0,
        "available_at": "2026-01-02T03:04:05.000Z" }
    JSON
    assert_equal ["delayed", name, Time.utc(2026, 1, 2, 3, 4, 5)], [status.status, status.name, status.available_at]
  end

  private

  def conflict(code, holder: nil)
    body = { error: "Not now.", code:, lock: { name: "a/b", holder: }, expires_at: "2026-01-02T03:04:05.678Z" }
    Octostore::Transport::Answer.new(status: 409, headers: {}, text: body.to_json)
  end
end
