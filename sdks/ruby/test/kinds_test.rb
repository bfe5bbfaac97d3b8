# frozen_string_literal: true

require_relative "helper"

# The kinds of locks: shared and counted ones, and several under one lease.
class KindsTest < OctostoreTest
  # As the client gets it.
  Granted = Struct.new(:lease, :sent_at)

  def setup
    @name = lock_name
  end

  def test_a_lock_can_be_shared
    client.hold(@name, mode: "shared") do |one|
      other.hold(@name, mode: "shared") do |two|
        assert_equal(%w[shared shared], [one, two].map { |lock| lock.locks.first.mode })
        assert_equal 2, client.lock_status(@name).holder_count
      end
    end
  end

  def test_a_counted_lock_gives_slots
    client.hold(@name, limit: 3, permits: 2) do |lock|
      assert_equal [0, 1], lock.slots
      other.hold(@name, limit: 3) { |last| assert_equal [2], last.slots }
      assert_raises(Octostore::LockHeldError) { other.hold(@name, limit: 3, permits: 2) }
      status = client.lock_status(@name)
      assert_equal ["counted", 2, [[0, 1]]], [status.mode, status.permits_in_use, status.holders.map(&:slots)]
    end
  end

  def test_several_locks_are_held_together
    third = Octostore::WantedLock.new(name: "#{@name}/c", limit: 2)
    wanted = ["#{@name}/a", { name: "#{@name}/b", mode: "shared" }, third]
    client.hold_all(wanted, ttl: 10) do |lock|
      assert_equal(%w[a b c], lock.locks.map { |one| one.name[-1] })
      assert_equal %w[exclusive shared counted], lock.locks.map(&:mode)
      assert_equal "#{@name}/a", lock.name
      assert_match(%r{#{@name}/a, #{@name}/b, #{@name}/c fencing_token=}, lock.inspect)
      lock.locks.each { |one| assert_held one.name }
      assert_raises(Octostore::LockHeldError) { other.hold_all(["#{@name}/d", "#{@name}/a"]) }
    end
    %w[a b c d].each { |part| assert_free "#{@name}/#{part}" }
  end

  def test_locks_that_are_none_are_refused
    [[], [1], ["a//b"], [{ named: "a" }], [nil]].each do |locks|
      assert_raises(Octostore::ValidationError, locks.inspect) { client.hold_all(locks) }
    end
  end

  def test_a_handle_of_several_locks_is_renewed
    client.hold_all([@name, "#{@name}/b"], ttl: 6) { await_renewal("#{@name}/b") }
  end

  def test_a_lease_of_several_locks_can_be_kept_by_its_id
    lease = client.acquire_all([@name, "#{@name}/b"], ttl: 10, proof: true)
    assert_equal lease.locks, client.leases.get(lease.lease_id).locks
    renewed = client.leases.renew(lease.lease_id, ttl: 20, proof: true)
    assert_equal lease.fencing_token, renewed.fencing_token
    assert_equal 3, renewed.proof.split(".").size
    client.leases.release(lease.lease_id)
    assert_raises(Octostore::NotFoundError) { client.leases.get(lease.lease_id) }
  end

  def test_several_can_lead_at_once
    slots = [client, other].map do |candidate|
      leading = Queue.new
      election = candidate.start_election(@name, limit: 2) { |lock, told| (leading << lock.slots) && told.wait }
      [election, next_of(leading)]
    end
    assert_equal [[0], [1]], slots.map(&:last)
  ensure
    slots&.each { |election, _| election.stop }
  end

  def test_a_lock_can_be_converted
    client.hold(@name, ttl: 10) do |lock|
      before = lock.fencing_token
      lock.convert("shared")
      assert_equal ["shared", before], [lock.locks.first.mode, lock.fencing_token]
      other.hold(@name, mode: "shared") do
        assert_raises(Octostore::LockHeldError) { lock.convert("exclusive") }
      end
      lock.convert("exclusive", name: @name)
      assert_operator lock.fencing_token, :>, before
      assert_raises(Octostore::ValidationError) { lock.convert("shared", name: "another") }
    end
  end

  def test_a_renewal_that_was_sent_before_a_conversion_does_not_undo_it
    before = whole_lease("exclusive", 7)
    held = Octostore::Held.new(before)
    held.renewing do
      held.converting { whole_lease("shared", 8) }
      Granted.new(before, 0.0)
    end
    assert_equal ["shared", 8], [held.locks.first.mode, held.fencing_token]
    held.renewing { Granted.new(before, 0.0) }
    assert_equal ["exclusive", 7], [held.locks.first.mode, held.fencing_token]
  end

  def test_a_conversion_shows_that_the_lock_is_lost
    lock = client.hold(@name, ttl: 60)
    take_away(lock)
    assert_raises(Octostore::NotFoundError) { lock.convert("shared") }
    assert_predicate lock, :lost?
    lock.close
  end

  def test_a_lock_can_be_kept_from_others_for_a_while
    client.hold(@name, ttl: 10, min_hold: 10) { assert_held @name }
    status = client.lock_status(@name)
    assert_equal "delayed", status.status
    assert_operator status.available_at, :>, Time.now
    { lock_delay: 61, min_hold: 11 }.each do |option, seconds|
      assert_raises(Octostore::ValidationError) { client.hold(@name, ttl: 10, option => seconds) }
    end
  end

  def test_each_renewal_replaces_the_proof
    client.hold(@name, ttl: 3, proof: true) do |lock|
      first = lock.proof
      claims = JSON.parse(first.split(".")[1].tr("-_", "+/").unpack1("m"))
      assert_equal [@name, lock.fencing_token], [claims["locks"].first["name"], claims["fencing_token"]]
      Timeout.timeout(SOON) { sleep 0.05 while lock.proof == first }
    end
    client.hold(@name) { |lock| assert_nil lock.proof }
  end

  private

  def whole_lease(mode, fencing_token)
    Octostore::WholeLease.new(lease_id: "b", fencing_token:, locks: [Octostore::LeaseLock.new(name: "a", mode:)])
  end
end
