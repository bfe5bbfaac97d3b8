# frozen_string_literal: true

require_relative "helper"

# What becomes of locks whose handles are not closed.
class EndsOfProgramsTest < OctostoreTest
  README = File.read(File.expand_path("../README.md", __dir__))

  def setup
    @name = lock_name
  end

  def test_the_end_of_a_program_releases_what_is_open
    %w[TERM INT].each do |signal|
      _, status = run_program(holding("release_on_exit: true")) { |pid, _| Process.kill(signal, pid) }
      assert_equal Signal.list.fetch(signal), status.termsig
      assert_free @name
    end
    run_program(holding("release_on_exit: true", last: "exit"))
    assert_free @name
  end

  def test_without_the_option_the_lock_stays
    run_program(holding) { |pid, _| Process.kill("TERM", pid) }
    assert_held @name
  end

  def test_handlers_of_the_program_still_run
    handler = %(trap("TERM") { puts "handled" }; )
    said, = run_program(handler + holding("release_on_exit: true")) do |pid, _|
      Process.kill("TERM", pid)
      await_status(@name) { |status| status.status == "available" }
      Process.kill("KILL", pid)
    end
    assert_match(/^handled$/, said)
  end

  def test_the_end_of_a_program_waits_only_for_a_second
    url = granting { nil }
    program = holding("release_on_exit: true", %(base_url: "#{url}"), last: "exit")
    _, status = run_program(program)
    assert_predicate status, :success?
  end

  def test_a_forked_process_closes_nothing_of_its_parent
    skip unless Process.respond_to?(:fork)
    run_program(holding("release_on_exit: true", first: "Process.wait(fork { exit })")) do |pid, _|
      assert_held @name
      Process.kill("TERM", pid)
    end
    assert_free @name
  end

  def test_the_recipe_of_the_readme
    recipe = README.scan(/^```ruby\n(.*?)^```$/m).flatten.find { |example| example.include?("at_exit") }
    run_program("#{recipe.sub("billing/nightly", @name)}\nputs; $stdout.flush; sleep") do |pid, _|
      assert_held @name
      Process.kill("TERM", pid)
    end
    assert_free @name
  end

  def test_a_forgotten_handle_warns_and_is_no_longer_renewed
    said, status = run_program(<<~RUBY)
      told, lost = Queue.new, Queue.new
      Warning.define_singleton_method(:warn) { |message, **| told << message if message.start_with?("octostore") }
      client = Octostore::Client.new
      # In a thread that has ended, no stack refers to them.
      Thread.new do
        8.times { |at| client.hold("#{@name}-\#{at}", ttl: 10).on_lost { |loss| lost << loss.message } }
      end.join
      sleep 0.05 while GC.start || told.empty?
      puts told.pop, lost.pop
    RUBY
    assert_predicate status, :success?
    assert_match(/the handle of the lock .* was garbage-collected without being closed/, said)
    assert_match(/is lost: its handle was forgotten/, said)
  end

  def test_the_end_of_a_program_is_no_reason_to_warn
    said, = run_program(holding(last: "exit"))
    assert_equal "ready\n", said
  end

  private

  def holding(*options, first: "", last: "sleep")
    <<~RUBY
      $stdout.sync = true
      # Shells make programs in the background ignore it.
      trap("INT", "DEFAULT")
      lock = Octostore::Client.new(#{options.join(", ")}).hold("#{@name}", ttl: 30)
      #{first}
      puts "ready"
      #{last}
    RUBY
  end
end
