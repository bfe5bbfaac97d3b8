# frozen_string_literal: true

require_relative "helper"
require "tmpdir"

# A web server that loads the program once and forks workers, which share the client that it has made.
class PreforkTest < OctostoreTest
  WORKERS = 2

  APPLICATION = <<~RUBY
    require "octostore"

    client = Octostore::Client.new(release_on_exit: true)
    lock = client.hold(ENV.fetch("LOCK"), ttl: 300)
    held = nil
    run lambda { |_|
      held ||= client.hold("\#{ENV.fetch("LOCK")}/\#{Process.pid}", ttl: 300)
      [200, {}, [[Process.pid, lock.lost?, held.lost?].join(" ")]]
    }
  RUBY

  PARENT = <<~'RUBY'
    name = "%s"
    client = Octostore::Client.new(release_on_exit: true)
    lock = client.hold(name, ttl: 300)
    election = client.start_election("#{name}/leader", ttl: 300) { |_, told| told.wait }
    sleep 0.01 until client.lock_status("#{name}/leader").status == "held"
    child = fork do
      client.hold("#{name}/child", ttl: 300)
      exit
    end
    Process.wait(child)
    names = [name, "#{name}/leader", "#{name}/child"]
    puts names.map { |name| client.lock_status(name).status }.join(" ")
  RUBY

  def setup
    skip "This system cannot fork." unless Process.respond_to?(:fork)
    @name = lock_name
  end

  def test_workers_of_puma_hold_locks_of_their_own_and_release_them_at_their_end
    with_puma do |master, folder|
      pids = workers_with_locks(folder)
      [@name, *pids.map { |pid| "#{@name}/#{pid}" }].each { |name| assert_held name }

      # The master starts another worker instead. Its own lock and that of the other worker stay.
      Process.kill("TERM", pids.first.to_i)
      await_free "#{@name}/#{pids.first}"
      [@name, "#{@name}/#{pids.last}"].each { |name| assert_held name }

      Process.kill("TERM", master)
      [@name, "#{@name}/#{pids.last}"].each { |name| await_free name }
    end
  end

  def test_a_child_that_exits_runs_the_hooks_of_its_parent_but_ends_only_what_is_its_own
    said, status = run_program(format(PARENT, @name))
    assert_predicate status, :success?, said
    assert_equal "held held available\n", said
    assert_free @name
    assert_free "#{@name}/leader"
  end

  private

  def await_free(name)
    await_status(name) { |status| status.status == "available" }
  end

  # Passes the id of its master and the folder of its socket.
  def with_puma
    Dir.mktmpdir do |folder|
      master = start_puma(folder)
      yield master, folder
    rescue Timeout::Error
      flunk File.read("#{folder}/log")
    ensure
      end_of(master) if master
    end
  end

  def start_puma(folder)
    File.write("#{folder}/config.ru", APPLICATION)
    File.write("#{folder}/puma.rb", <<~RUBY)
      workers #{WORKERS}
      threads 1, 1
      preload_app!
      bind "unix://#{folder}/socket"
      rackup "#{folder}/config.ru"
    RUBY
    command = ["ruby", "-I", File.expand_path("../lib", __dir__), "-S", "puma", "--config", "#{folder}/puma.rb"]
    spawn({ "RUBYOPT" => nil, "LOCK" => @name }, *command, %i[out err] => "#{folder}/log", chdir: folder)
  end

  def end_of(master)
    Process.kill("TERM", master)
  rescue Errno::ESRCH
    # It has ended.
  ensure
    Process.wait(master)
  end

  # The ids of the workers, each of which has a lock of its own and not that of the master.
  def workers_with_locks(folder)
    answers = answers_of_all_workers(folder).map(&:split)
    assert_equal([%w[true false]] * WORKERS, answers.map { |_, parents, own| [parents, own] })
    answers.map(&:first)
  end

  def answers_of_all_workers(folder)
    answers = {}
    Timeout.timeout(3 * SOON) do
      while answers.size < WORKERS
        answer = ask(folder)
        answers[answer.split.first] = answer if answer
      end
    end
    answers.values
  end

  # @return [String, nil] nil as long as Puma does not listen
  def ask(folder)
    UNIXSocket.open("#{folder}/socket") do |socket|
      socket.write("GET / HTTP/1.0\r\n\r\n")
      socket.read.split("\r\n\r\n", 2).last
    end
  rescue Errno::ENOENT, Errno::ECONNREFUSED
    sleep 0.05
    nil
  end
end
