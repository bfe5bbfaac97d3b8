# frozen_string_literal: true

require_relative "helper"

# A token that a function gives.
class TokenFunctionTest < OctostoreTest
  def setup
    @asks = Queue.new
  end

  def test_it_is_asked_before_the_first_request_that_needs_a_token
    client = client(token: giving(ENV.fetch("OCTOSTORE_TOKEN")))
    assert_equal "OK", client.health
    assert_equal 0, @asks.size
    2.times { client.list_locks(prefix: lock_name) }
    assert_equal 1, @asks.size
  end

  def test_it_is_asked_again_after_a_refusal
    client = client(token: giving("expired", ENV.fetch("OCTOSTORE_TOKEN")))
    # Not safe to repeat, but it was refused.
    client.end_session(client.create_session(ttl: 10).session_id)
    assert_equal 2, @asks.size
  end

  def test_the_same_token_again_is_refused_for_good
    assert_equal 401, refusal_with(giving("expired")).status
    assert_equal 2, @asks.size
  end

  def test_a_request_is_sent_only_once_more
    assert_equal 401, refusal_with(giving("one", "two", "three")).status
    assert_equal 2, @asks.size
  end

  def test_all_requests_wait_for_one_answer
    asked = Queue.new
    answers = Queue.new
    client = client(token: -> { answers.pop.tap { asked << true } })
    threads = Array.new(4) { Thread.new { client.list_locks(prefix: "ruby/none") } }
    Timeout.timeout(SOON) { Thread.pass until answers.num_waiting == 1 && threads.all?(&:stop?) }
    answers << ENV.fetch("OCTOSTORE_TOKEN")
    threads.each { |thread| assert_empty value_of(thread) }
    assert_equal 1, asked.size
  end

  def test_requests_that_begin_meanwhile_wait_for_the_answer
    headers = Queue.new
    url = answering do |_, _, header|
      headers << header
      header == "Bearer second" ? [200, { locks: [] }] : [401, { error: "No.", code: "unauthorized" }]
    end
    answers = Queue.new << "first"
    client = client(base_url: url, token: -> { answers.pop })
    threads = Array.new(2) do
      thread = Thread.new { client.list_locks }
      Timeout.timeout(SOON) { Thread.pass until answers.num_waiting == 1 && thread.stop? }
      thread
    end
    answers << "second"
    threads.each { |waiting| assert_empty value_of(waiting) }
    assert_equal ["Bearer first", "Bearer second", "Bearer second"], Array.new(headers.size) { headers.pop }
  end

  def test_its_error_is_that_of_the_call
    error = refusal_with(-> { raise KeyError, "pa55word" })
    assert_kind_of KeyError, error.cause
    assert_equal "The function that gives the token has failed (KeyError).", error.message
  end

  def test_what_cannot_be_a_token_is_refused_unseen
    [nil, 1, "pa55word\n"].each do |text|
      error = assert_raises(Octostore::ValidationError) { client(token: -> { text }).list_locks }
      refute_includes error.full_message, "pa55word"
    end
  end

  def test_after_an_error_it_is_asked_again
    answers = [-> { raise KeyError }, -> { ENV.fetch("OCTOSTORE_TOKEN") }]
    client = client(token: -> { answers.shift.call })
    assert_raises(Octostore::AuthenticationError) { client.list_locks }
    assert_empty client.list_locks(prefix: lock_name)
  end

  def test_no_request_waits_for_it_longer_than_for_an_answer
    answers = Queue.new
    client = client(token: -> { answers.pop }, timeout: 0.2)
    assert_raises(Octostore::TimeoutError) { client.list_locks }
    stop = Octostore::Flag.new
    waiting = Thread.new { assert_raises(Octostore::Stopped) { client.acquire(lock_name, stop:, wait: 60) } }
    stop.set
    value_of(waiting)
  end

  def test_renewals_ask_too
    tokens = Queue.new
    url = answering do |path, _, header|
      tokens << header
      refused = path.end_with?("/renew") && header == "Bearer first"
      refused ? [401, { error: "No.", code: "unauthorized" }] : [200, lease]
    end
    lock = client(base_url: url, token: giving("first", "second")).hold("a", ttl: 3)
    headers = Array.new(3) { next_of(tokens) }
    assert_equal ["Bearer first", "Bearer first", "Bearer second"], headers
    refute_predicate lock, :lost?
    lock.close
  end

  def test_watches_ask_too
    client = client(token: giving("expired", ENV.fetch("OCTOSTORE_TOKEN")))
    assert_equal "state", client.watch(lock_name).first.type
    assert_equal 401, assert_raises(Octostore::AuthenticationError) { client(token: "expired").watch("a").first }.status
  end

  def test_the_function_owns_the_token
    assert_raises(Octostore::ValidationError) { client(token: giving("token")).rotate_token }
    assert_equal 0, @asks.size
  end

  def test_a_forked_process_does_not_wait_for_an_answer_that_its_parent_gets
    skip unless Process.respond_to?(:fork)
    parent = Process.pid
    answers = Queue.new
    client = client(token: -> { Process.pid == parent ? answers.pop : ENV.fetch("OCTOSTORE_TOKEN") })
    waiting = Thread.new { client.list_locks(prefix: "ruby/none") }
    Timeout.timeout(SOON) { Thread.pass until answers.num_waiting == 1 }
    child = fork { exit!(client.list_locks(prefix: "ruby/none").empty?) }
    assert_predicate Process.wait2(child).last, :success?
    answers << ENV.fetch("OCTOSTORE_TOKEN")
    value_of(waiting)
  end

  private

  # A function that gives one token after the other, and the last one again after that.
  def giving(*tokens)
    lambda do
      @asks << true
      tokens.size > 1 ? tokens.shift : tokens.first
    end
  end

  def refusal_with(function)
    assert_raises(Octostore::AuthenticationError) { client(token: function).create_session }
  end
end
