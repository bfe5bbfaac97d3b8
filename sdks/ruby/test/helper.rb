# frozen_string_literal: true

require "json"
require "minitest/autorun"
require "open3"
require "securerandom"
require "socket"
require "time"
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

  # Waits until the lease of a lock that is held has been renewed.
  def await_renewal(name)
    before = client.lock_status(name).expires_at
    await_status(name) { |status| status.expires_at && status.expires_at > before }
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

  # The URL of a server whose answers, each a status and what becomes JSON, come from the block. It gets each path, body
  # and `Authorization`.
  def answering
    misbehaving do |socket|
      path = socket.gets.split[1]
      headers = headers_of(socket)
      body = socket.read(headers.fetch("content-length", 0).to_i)
      status, answer = yield path, JSON.parse(body.empty? ? "{}" : body), headers["authorization"]
      respond(socket, status, answer.to_json)
    end
  end

  # The URL of a server that grants each lock, and answers nothing else. It passes each path to the block.
  def granting
    misbehaving do |socket|
      path = socket.gets.split[1]
      yield path
      path.end_with?("/acquire") ? grant(socket) : sleep
    end
  end

  # Runs a program with this library until it ends, or until the block has used it.
  #
  # @return what it has written, its errors included, and its status
  def run_program(text, *options)
    command = ["ruby", "-w", "-I", File.expand_path("../lib", __dir__), "-r", "octostore", *options, "-e", text]
    Open3.popen2e({ "RUBYOPT" => nil }, *command) do |_, output, process|
      written = Timeout.timeout(SOON) { output.gets.to_s }
      yield process.pid, written if block_given?
      [written + Timeout.timeout(SOON) { output.read }, process.value]
    rescue StandardError, Minitest::Assertion
      Process.kill("KILL", process.pid) if process.alive?
      raise
    end
  end

  def teardown
    @server&.close
  end

  private

  def grant(socket)
    socket.readpartial(10_000)
    respond(socket, 200, lease.to_json)
  end

  # As a server writes one.
  def lease
    { status: "acquired", name: "a", lease_id: SecureRandom.uuid, fencing_token: 1, holder: "a", holder_id: "a",
      expires_at: (Time.now + 3600).iso8601 }
  end

  def headers_of(socket)
    lines = []
    while (line = socket.gets.chomp) != ""
      lines << line
    end
    lines.to_h { |text| text.split(": ", 2) }.transform_keys(&:downcase)
  end

  def respond(socket, status, text)
    head = "HTTP/1.1 #{status} Said\r\nConnection: close\r\nContent-Length: #{text.bytesize}\r\n\r\n"
    socket.write(head + text)
  end

  def serve(socket)
    yield
  rescue SystemCallError, IOError
    # The client has gone.
  ensure
    socket.close
  end
end
