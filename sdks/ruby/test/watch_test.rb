# frozen_string_literal: true

require_relative "helper"

class WatchTest < OctostoreTest
  def setup
    @name = lock_name
  end

  def test_each_iteration_begins_with_the_state
    watch = client.watch(@name)
    2.times { assert_equal "available", watch.first.data.status }
  end

  def test_it_is_lazy
    watching = Queue.new
    types = Thread.new { client.watch(@name).lazy.map { |update| watching.push(update) && update.type }.first(3) }
    next_of(watching)
    client.hold(@name, ttl: 10) { nil }
    assert_equal %w[state acquired released], value_of(types)
  end

  def test_an_enumerator_asks_for_one_after_the_other
    updates = client.watch(@name).each
    assert_equal "state", updates.next.type
    client.hold(@name, ttl: 10) { assert_equal "acquired", updates.next.type }
    assert_equal "released", updates.next.type
  end

  def test_an_error_in_the_block_is_not_one_of_the_stream
    error = Octostore::NetworkError.new("of something else", sent: true)
    updates = []
    raised = assert_raises(Octostore::NetworkError) do
      client.watch(@name).each do |update|
        updates << update
        raise error unless updates.empty?
      end
    end
    assert_same error, raised
    assert_equal 1, updates.size
  end

  def test_closing_ends_an_iteration_that_waits
    watch = client.watch_prefix("#{@name}/")
    begun = Queue.new
    thread = Thread.new { watch.each { |update| begun << update } }
    assert_predicate next_of(begun).data, :complete
    watch.close
    assert_same watch, value_of(thread)
    assert_empty watch.to_a
  end

  def test_a_refusal_is_raised
    assert_raises(Octostore::AuthenticationError) { client(token: "pa55word-of-nobody").watch(@name).first }
  end
end
