# frozen_string_literal: true

require_relative "bearer"
require_relative "caller"
require_relative "candidacy"
require_relative "checks"
require_relative "election"
require_relative "flag"
require_relative "interruption"
require_relative "lock"
require_relative "lock_api"
require_relative "open_at_exit"
require_relative "readers"
require_relative "request"
require_relative "rules"
require_relative "scope"
require_relative "servers"
require_relative "session"
require_relative "session_api"
require_relative "token"
require_relative "transport"
require_relative "watch"
require_relative "webhooks"

module Octostore
  # A user's access to an OctoStore server. Cheap to create, and safe to share between threads. Times are in seconds.
  #
  # All methods raise an {Error} if they fail. The README says which error to expect when, and which calls are retried.
  class Client
    # @return [Webhooks]
    attr_reader :webhooks

    # @param base_url [String, Array<String>] `OCTOSTORE_BASE_URL` by default, or http://localhost:3000 if that is not
    #   set; if the service runs on several servers, the URLs of all, as a list or separated by commas
    # @param token [String, false, nil] `OCTOSTORE_TOKEN` by default; false for none; without a token, only public
    #   requests work
    # @param timeout [Numeric] timeout of one HTTP attempt in seconds, 10 by default; an acquire that waits in line gets
    #   its wait on top
    # @param wait_slice [Integer] how many seconds one request waits in line at most, 1 to 60, 25 by default; the wait
    #   then goes on with another request
    # @param release_on_exit [Boolean] whether to close open locks, sessions and elections when the process exits, and
    #   at SIGINT and SIGTERM, within a second in all
    # @raise [ValidationError] if the base URL or the token is not valid
    def initialize(base_url: nil, token: nil, timeout: Rules::TIMEOUT_MS_DEFAULT / 1000.0,
                   wait_slice: Rules::WAIT_SLICE_SECONDS_DEFAULT, release_on_exit: false)
      servers = Servers.new(base_url || variable("OCTOSTORE_BASE_URL") || Rules::DEFAULT_BASE_URL)
      token = variable("OCTOSTORE_TOKEN") if token.nil?
      @transport = Transport.new(servers, Checks.timeout(timeout))
      @caller = Caller.new(@transport, Bearer.new(token ? Token.new(token) : nil))
      @locks = LockApi.new(@caller, wait_slice:)
      @sessions = SessionApi.new(@caller)
      @webhooks = Webhooks.new(@caller)
      @release_on_exit = release_on_exit
      OpenAtExit.watch if release_on_exit
    end

    # For logs and debugging, without the token.
    def inspect
      "#<#{self.class} #{@transport.servers}>"
    end
    alias to_s inspect

    # Acquires a lock and renews it in the background. With a block, releases it when the block ends, however it ends.
    #
    # @param name [String] components of letters, digits, ".", "_" and "-", at most 64 characters each and 256 in all,
    #   with "/" between them
    # @param ttl [Integer] how many seconds the lock outlives this process, 1 to 3600
    # @param wait [Numeric] seconds to wait in line if someone else holds the lock; no upper limit
    # @param wait_slice [Integer, nil] how many seconds one request waits at most, 1 to 60; the client's by default
    # @param metadata [String, nil] a note of at most 1024 bytes, shown to everyone who looks at the lock
    # @param session [Session, nil] when the session is lost or ends, so is the lock
    # @param stop [Flag] cancels the acquire when it is set
    # @param interrupt [Boolean] whether to raise {LostError} inside the block, wherever it is, when the lock is lost
    # @yieldparam lock [Lock]
    # @return [Lock, Object] without a block, the lock, which you must close; with a block, what the block returns
    # @raise [LockHeldError] if you cannot have the lock within that time
    # @raise [LockLostError] if the lock was lost while the block ran, although the block has not failed
    # @raise [Stopped] when `stop` is set before the lock is acquired
    def hold(name, ttl: Rules::TTL_SECONDS_DEFAULT, wait: 0, wait_slice: nil, metadata: nil, session: nil,
             stop: Flag.new, interrupt: false, &block)
      open = -> { open_lock(name, ttl:, wait:, wait_slice:, metadata:, session:, stop:) }
      return open.call unless block

      Scope.with_lock(open) { |lock| interrupt ? Interruption.when_lost(lock, &block) : yield(lock) }
    end

    # Campaigns for a lock and runs the block while holding it, again and again, until `stop` is set or the block calls
    # `break`. When it is told to stop, the block must return soon. This waits for it, then releases the lock.
    #
    # @param ttl [Integer] seconds, from 1 to 3600
    # @param metadata [String, nil] as for {#hold}
    # @param session [Session, nil] as for {#hold}
    # @param wait_slice [Integer, nil] as for {#hold}
    # @param stop [Flag] ends the election
    # @param once [Boolean] whether to leave the election after leading once
    # @yieldparam lock [Lock]
    # @yieldparam told [Flag] set when the lock is lost or the election has been stopped
    # @raise what the block raises, and {Error}s that retrying cannot fix, such as {AuthenticationError}
    # @return [nil]
    def elect(name, ttl: Rules::TTL_SECONDS_DEFAULT, metadata: nil, session: nil, wait_slice: nil, stop: Flag.new,
              once: false, &lead)
      options = { ttl: Checks.ttl(ttl), metadata:, session:, wait_slice: }
      candidacy(name, stop, once, options).run(&lead)
    end

    # The same in the background: returns an election that you can stop, and that tells how it has ended. The block runs
    # in a thread of its own, so it cannot call `break`.
    #
    # @param ttl [Integer] as for {#elect}, like all other parameters
    # @yieldparam lock [Lock]
    # @yieldparam told [Flag] set when the lock is lost or the election has been stopped
    # @return [Election]
    def start_election(name, ttl: Rules::TTL_SECONDS_DEFAULT, metadata: nil, session: nil, wait_slice: nil,
                       stop: Flag.new, once: false, &lead)
      own = Flag.new
      listener = stop.on_set { own.set }
      election = Election.new(name, own) do
        elect(name, ttl:, metadata:, session:, wait_slice:, stop: own, once:, &lead)
      ensure
        stop.off(listener)
      end
      opened(election)
    end

    # Acquires a lock without renewing it. Prefer {#hold}.
    #
    # @param lease_id [String, nil] a UUID for the lease; a new one by default
    # @param session_id [String, nil] ties the lease to a session
    # @param options `ttl`, `wait`, `wait_slice`, `metadata` and `stop` of {#hold}
    # @return [Lease]
    # @raise [LockHeldError] if you cannot have the lock within `wait`
    def acquire(name, lease_id: nil, session_id: nil, **options)
      @locks.acquire(name, lease_id:, session_id:, **options).lease
    end

    # Renews a lease, so that it ends that many seconds from now.
    #
    # @param ttl [Integer] seconds, from 1 to 3600
    # @return [Lease]
    # @raise [NotFoundError] if you no longer have it
    def renew(name, lease_id, ttl:)
      @locks.renew(name, lease_id, ttl).lease
    end

    # Releases a lease.
    #
    # @return [nil]
    # @raise [NotFoundError] if you no longer have it
    def release(name, lease_id)
      @locks.release(name, lease_id)
    end

    # @return [LockStatus]
    def lock_status(name)
      @locks.status(name)
    end

    # All locks that are held, sorted by name.
    #
    # @param prefix [String, nil] only locks whose names begin with this text
    # @param owner ["me", nil] only your own
    # @return [Array<HeldLock>]
    def list_locks(prefix: nil, owner: nil)
      @locks.list(prefix:, owner:)
    end

    # The state of a lock, then everything that happens to it.
    #
    # @return [Watch] of {Update}s; a "state" has a {LockStatus}
    def watch(name)
      watch_path(@locks.path(name, "watch"), :lock_status)
    end

    # The same for all locks whose names begin with the prefix.
    #
    # @return [Watch] of {Update}s; a "state" has a {PrefixState}
    def watch_prefix(prefix)
      watch_path(Request.query("/watch", prefix:), :prefix_state)
    end

    # Opens a session and keeps it alive in the background. With a block, ends it when the block ends, however it ends.
    #
    # @param ttl [Integer] how many seconds the session outlives this process, 10 to 300
    # @yieldparam session [Session]
    # @return [Session, Object] without a block, the session, which you must close; with a block, what the block returns
    def open_session(ttl: Rules::SESSION_TTL_SECONDS_DEFAULT, &block)
      open = -> { opened(Session.open(@sessions, ttl:, timeout: @transport.timeout)) }
      block ? Scope.with(open, &block) : open.call
    end

    # Creates a session without keeping it alive. Prefer {#open_session}.
    #
    # @param ttl [Integer] seconds, from 10 to 300
    # @return [CreatedSession]
    def create_session(ttl: Rules::SESSION_TTL_SECONDS_DEFAULT)
      @sessions.create(ttl).value
    end

    # Extends a session by its TTL from now.
    #
    # @return [KeptSession]
    # @raise [NotFoundError] if it has ended
    def keepalive(session_id)
      @sessions.keepalive(session_id)
    end

    # @return [SessionStatus]
    # @raise [NotFoundError] if it has ended
    def session_status(session_id)
      @sessions.status(session_id)
    end

    # Ends a session and releases its locks.
    #
    # @return [nil]
    # @raise [NotFoundError] if it has ended
    def end_session(session_id)
      @sessions.finish(session_id)
    end

    # Replaces the token and returns the new one. The old one stops working immediately. Everything that this client has
    # under way uses the new one, in all threads: calls, locks, sessions, elections and watches. A copy of the client in
    # a forked process does not learn about it.
    #
    # @return [String] the new token
    def rotate_token
      request = Request.new(:post, "/auth/token/rotate")
      text = nil
      @caller.bearer.rotate do |token|
        # With a fixed token. Otherwise a 401 would make the rotation wait for itself.
        alone = Caller.new(@transport, Bearer.new(token))
        text = alone.call(safe: false, read: ->(answer) { Fields.parse(answer).text("token") }) { request }.value
        Token.new(text)
      end
      text
    end

    # @return [String] "OK" if the server is healthy
    def health
      get_public("/health", Readers.method(:health))
    end

    # @return [StatusCounters]
    def status_counters
      get_public("/status", Readers.of(:status_counters))
    end

    private

    # An empty variable counts as not set.
    def variable(name)
      value = ENV.fetch(name, "")
      value unless value.empty?
    end

    # @param read [#call] reads the text of the response
    def get_public(path, read)
      @caller.call(safe: true, read:) { Request.new(:get, path, public: true) }.value
    end

    def open_lock(name, **options)
      opened(Lock.hold(@locks, name, timeout: @transport.timeout, **options))
    end

    # @return [Candidacy]
    def candidacy(name, stop, once, options)
      Checks.name(name)
      Candidacy.new(stop:, once:) { open_lock(name, wait: Float::INFINITY, stop:, brief: true, **options) }
    end

    # Something that must be closed.
    def opened(thing)
      @release_on_exit ? OpenAtExit.add(thing) : thing
    end

    def watch_path(path, state)
      Watch.new { |stop| WatchStream.new(@caller, path, state:, stop:) }
    end
  end
end
