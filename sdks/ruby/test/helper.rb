# frozen_string_literal: true

require "minitest/autorun"
require "securerandom"
require "socket"
require "timeout"
require "octostore"

# A server is there, with two users.
class OctostoreTest < Minitest::Test
  # How long anything may take that should happen soon, in seconds.
  SOON = 20

  def client(**options)
    Octostore::Client.new(**options)
  end

  # A client of somebody else.
  def other
    client(token: ENV.fetch("OCTOSTORE_OTHER_TOKEN"))
  end

  # The name of a lock that nobody else uses.
  def lock_name
    "ruby/#{SecureRandom.hex(8)}"
  end

  def assert_free(name)
    assert_equal "available", client.lock_status(name).status
  end

  def assert_held(name)
    assert_equal "held", client.lock_status(name).status
  end

  # Waits until the lock is as it should be. Of those who wait in line no event tells.
  def await_status(name)
    Timeout.timeout(SOON) { sleep 0.02 until yield client.lock_status(name) }
  end

  # Lets the server end a lock of ours, so that its handle finds it lost with its next renewal.
  def take_away(lock)
    client.release(lock.name, lock.lease_id)
  end

  # What a thread does in time.
  def value_of(thread)
    assert thread.join(SOON), "the thread does not end"
    thread.value
  end

  # What another thread puts into a queue in time.
  def next_of(queue)
    Timeout.timeout(SOON) { queue.pop }
  end

  # The URL of a server that answers each connection by the block.
  def misbehaving
    @server = TCPServer.new("127.0.0.1", 0)
    Thread.new(@server) do |server|
      loop { Thread.new(server.accept) { |socket| serve(socket) { yield socket } } }
    rescue IOError
      # The server is closed.
    end
    "http://127.0.0.1:#{@server.local_address.ip_port}"
  end

  def teardown
    @server&.close
  end

  private

  def serve(socket)
    yield
  rescue SystemCallError, IOError
    # The client has gone.
  ensure
    socket.close
  end
end
