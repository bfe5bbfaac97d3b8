# frozen_string_literal: true

require_relative "helper"

class ObserverTest < OctostoreTest
  def setup
    @name = lock_name
    @events = Queue.new
  end

  def test_it_learns_of_the_life_of_a_lock
    lock = observed.hold_all([@name, "#{@name}/b"], ttl: 3)
    assert_equal %w[acquired renewed], [next_of(@events), next_of(@events)].map(&:type)
    lock.release
    event = next_of(@events)
    event = next_of(@events) while event.type == "renewed"
    assert_equal ["released", [@name, "#{@name}/b"], lock.fencing_token, nil, nil], event.to_a
    refute_includes event.inspect, lock.lease_id
  end

  def test_it_learns_of_a_loss
    observed.hold(@name, ttl: 3) do |lock|
      take_away(lock)
      assert lock.wait_lost(SOON)
    rescue Octostore::LostError
      flunk
    end
  rescue Octostore::LockLostError
    events = Array.new(3) { next_of(@events) }
    assert_equal %w[acquired renewal_failed lost], events.map(&:type)
    assert_equal([nil, Octostore::NotFoundError, Octostore::LostError], events.map { |event| event.error&.class })
    assert_empty @events
  end

  def test_it_learns_of_sessions
    session = observed.open_session(ttl: 10)
    session.finish
    events = Array.new(2) { next_of(@events) }
    assert_equal([["acquired", [], session.session_id], ["released", [], session.session_id]],
                 events.map { |event| [event.type, event.locks, event.session_id] })
  end

  def test_it_learns_of_a_release_that_failed
    url = answering { |path, _| path.end_with?("/acquire") ? [200, lease] : [500, { error: "No.", code: "internal" }] }
    lock = observed(base_url: url).hold("a", ttl: 60)
    lock.close
    assert_equal "acquired", next_of(@events).type
    event = next_of(@events)
    assert_equal ["released", 500], [event.type, event.error.status]
  end

  def test_its_errors_harm_nothing
    _, warned = capture_io do
      client(observer: ->(_) { raise KeyError, "not mine" }).hold(@name, ttl: 10) { assert_held @name }
    end
    assert_free @name
    assert_match(/the observer has failed at the event acquired of the lock #{@name}: .*not mine/, warned)
    assert_match(/released/, warned)
  end

  def test_what_ends_it_from_outside_leaves_nothing_held
    client = client(observer: ->(event) { (@events << event) && raise(Interrupt) })
    assert_raises(Interrupt) { client.hold(@name, ttl: 300) }
    await_status(@name) { |status| status.status == "available" }
    assert_raises(Interrupt) { client.open_session(ttl: 300) }
    id = Array.new(2) { next_of(@events) }.last.session_id
    Timeout.timeout(SOON) { sleep 0.02 while client.session_status(id) }
  rescue Octostore::NotFoundError
    assert id
  end

  def test_it_can_use_the_lock
    client = observed
    client.hold(@name, ttl: 10) do |lock|
      seen = Queue.new
      inner = client(observer: ->(event) { seen << [event.type, lock.remaining.positive?, client.health] })
      inner.hold("#{@name}/b", ttl: 10) { assert_equal ["acquired", true, "OK"], next_of(seen) }
    end
  end

  private

  def observed(**options)
    client(observer: ->(event) { @events << event }, **options)
  end
end
