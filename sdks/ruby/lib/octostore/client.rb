# frozen_string_literal: true

require_relative "bearer"
require_relative "caller"
require_relative "candidacy"
require_relative "checks"
require_relative "election"
require_relative "fences"
require_relative "flag"
require_relative "interruption"
require_relative "interventions"
require_relative "lease_clock"
require_relative "lease_routes"
require_relative "lock"
require_relative "lock_api"
require_relative "open_at_exit"
require_relative "own_leases"
require_relative "readers"
require_relative "request"
require_relative "rules"
require_relative "scope"
require_relative "servers"
require_relative "session"
require_relative "session_api"
require_relative "single_requests"
require_relative "token"
require_relative "transport"
require_relative "watch"
require_relative "webhooks"

module Octostore
  # A user's access to an OctoStore server. Cheap to create, and safe to share between threads. Times are in seconds.
  #
  # All methods raise an {Error} if they fail. The README says which error to expect when, and which calls are retried.
  class Client
    include Interventions
    include SingleRequests

    # @return [Webhooks]
    attr_reader :webhooks
    # @return [Fences]
    attr_reader :fences
    # @return [OwnLeases] your leases by their ids
    attr_reader :leases

    # @param base_url [String, Array<String>] `OCTOSTORE_BASE_URL` by default, or http://localhost:3000 if that is not
    #   set; if the service runs on several servers, the URLs of all, as a list or separated by commas
    # @param token [String, #call, false, nil] `OCTOSTORE_TOKEN` by default; false for none; without a token, only
    #   public requests work. Something callable gives the token: it is called for the first request, and again when the
    #   server has refused the last token, in a thread of its own and by one thread at a time
    # @param timeout [Numeric] timeout of one HTTP attempt in seconds, 10 by default; an acquire that waits in line gets
    #   its wait on top
    # @param wait_slice [Integer] how many seconds one request waits in line at most, 1 to 60, 25 by default; the wait
    #   then goes on with another request
    # @param release_on_exit [Boolean] whether to close open locks, sessions and elections when the process exits, and
    #   at SIGINT and SIGTERM, within a second in all
    # @param net_http [#call, nil] gets a host and a port, and returns a Net::HTTP that has not been started, with a
    #   proxy or a certificate of yours, for example; the client sets its timeouts
    # @param transport [#call, nil] sends the requests instead of Net::HTTP: it gets a {HttpRequest} and returns an
    #   Array of status, headers and body, a String or something that yields Strings by `each`. It must not follow
    #   redirects. The thread that it runs in is killed when the time is up. If it is certain that nothing was sent, it
    #   raises a {NetworkError} with `sent: false`
    # @param observer [#call, nil] gets a {HandleEvent} for everything that happens to the locks and sessions that this
    #   client holds. It must be quick, because renewals wait for it. Its errors are written by `warn`
    # @raise [ValidationError] if the base URL or the token is not valid
    def initialize(base_url: nil, token: nil, timeout: Rules::TIMEOUT_MS_DEFAULT / 1000.0,
                   wait_slice: Rules::WAIT_SLICE_SECONDS_DEFAULT, release_on_exit: false, net_http: nil,
                   transport: nil, observer: nil)
      servers = Servers.new(base_url || variable("OCTOSTORE_BASE_URL") || Rules::DEFAULT_BASE_URL)
      @transport = Transport.by(servers, Checks.timeout(timeout), transport, net_http)
      @caller = Caller.new(@transport, bearer(token), clock: LeaseClock.of(transport), observer:)
      @locks = LockApi.new(@caller, wait_slice:)
      @sessions = SessionApi.new(@caller)
      @webhooks = Webhooks.new(@caller)
      @fences = Fences.new(@caller)
      @leases = OwnLeases.new(@caller, @locks.leases_of_all([]))
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
    # @param mode ["exclusive", "shared", nil] "shared": you share the lock with all others who ask for it in this way;
    #   "exclusive" by default
    # @param limit [Integer, nil] makes the lock counted: it has this many permits, 1 to 10,000; everyone must give the
    #   same limit; leave out `mode`
    # @param permits [Integer, nil] how many permits of a counted lock you want, 1 by default
    # @param stop [Flag] cancels the acquire when it is set
    # @param interrupt [Boolean] whether to raise {LostError} inside the block, wherever it is, when the lock is lost
    # @param options `lock_delay`: how many seconds no one gets the lock after your lease has expired or was broken, 0
    #   to 60; `min_hold`: how many seconds no one else gets it after you got it, even if you release it sooner, 0 to
    #   `ttl`; `proof`: whether {Lock#proof} has a proof for others
    # @yieldparam lock [Lock]
    # @return [Lock, Object] without a block, the lock, which you must close; with a block, what the block returns
    # @raise [LockHeldError] if you cannot have the lock within that time
    # @raise [LockLostError] if the lock was lost while the block ran, although the block has not failed
    # @raise [Stopped] when `stop` is set before the lock is acquired
    def hold(name, ttl: Rules::TTL_SECONDS_DEFAULT, wait: 0, wait_slice: nil, metadata: nil, session: nil, mode: nil,
             limit: nil, permits: nil, stop: Flag.new, interrupt: false, **options, &block)
      leases = @locks.leases(name, mode:, limit:, permits:)
      open = -> { open_lock(leases, ttl:, wait:, wait_slice:, metadata:, session:, stop:, **options) }
      use_lock(open, interrupt, block)
    end

    # Acquires several locks under one lease, or none of them, and renews it in the background. Such calls cannot
    # deadlock each other, whatever the order of their locks.
    #
    # @param locks [Array<String, Hash, WantedLock>] names, or what a {WantedLock} has, such as
    #   `{ name: "rates", mode: "shared" }`
    # @param ttl [Integer] as for {#hold}, like all other parameters
    # @yieldparam lock [Lock] with all `locks`
    # @return [Lock, Object] as for {#hold}
    def hold_all(locks, ttl: Rules::TTL_SECONDS_DEFAULT, wait: 0, wait_slice: nil, metadata: nil, session: nil,
                 stop: Flag.new, interrupt: false, **options, &block)
      leases = @locks.leases_of_all(locks)
      open = -> { open_lock(leases, ttl:, wait:, wait_slice:, metadata:, session:, stop:, **options) }
      use_lock(open, interrupt, block)
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
    # @param options `mode`, `limit`, `permits`, `lock_delay`, `min_hold` and `proof` of {#hold}
    # @yieldparam lock [Lock]
    # @yieldparam told [Flag] set when the lock is lost or the election has been stopped
    # @raise what the block raises, and {Error}s that retrying cannot fix, such as {AuthenticationError}
    # @return [nil]
    def elect(name, ttl: Rules::TTL_SECONDS_DEFAULT, metadata: nil, session: nil, wait_slice: nil, stop: Flag.new,
              once: false, **options, &lead)
      candidacy(name, stop, once, ttl: Checks.ttl(ttl), metadata:, session:, wait_slice:, **options).run(&lead)
    end

    # The same in the background: returns an election that you can stop, and that tells how it has ended. The block runs
    # in a thread of its own, so it cannot call `break`.
    #
    # @param ttl [Integer] as for {#elect}, like all other parameters
    # @yieldparam lock [Lock]
    # @yieldparam told [Flag] set when the lock is lost or the election has been stopped
    # @return [Election]
    def start_election(name, ttl: Rules::TTL_SECONDS_DEFAULT, metadata: nil, session: nil, wait_slice: nil,
                       stop: Flag.new, once: false, **options, &lead)
      own = Flag.new
      listener = stop.on_set { own.set }
      election = Election.new(name, own) do
        elect(name, ttl:, metadata:, session:, wait_slice:, stop: own, once:, **options, &lead)
      ensure
        stop.off(listener)
      end
      opened(election)
    end

    # The state of a lock, then everything that happens to it.
    #
    # @return [Watch] of {Update}s; a "state" has a {LockStatus}
    def watch(name)
      watch_path(RoutesOfLock.path(name, "watch"), :lock_status)
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

    # Replaces the token and returns the new one. The old one stops working immediately. Everything that this client has
    # under way uses the new one, in all threads: calls, locks, sessions, elections and watches. A copy of the client in
    # a forked process does not learn about it.
    #
    # @return [String] the new token
    # @raise [ValidationError] if the token comes from a function
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

    def bearer(token)
      token = variable("OCTOSTORE_TOKEN") if token.nil?
      return Bearer.new(nil, TokenFunction.new(token)) if token.respond_to?(:call)

      Bearer.new(token ? Token.new(token) : nil)
    end

    # @param read [#call] reads the text of the response
    def get_public(path, read)
      @caller.call(safe: true, read:) { Request.new(:get, path, public: true) }.value
    end

    def open_lock(leases, **options)
      opened(Lock.hold(leases, timeout: @transport.timeout, **options))
    end

    def use_lock(open, interrupt, block)
      return open.call unless block

      Scope.with_lock(open) { |lock| interrupt ? Interruption.when_lost(lock, &block) : block.call(lock) }
    end

    # @return [Candidacy]
    def candidacy(name, stop, once, mode: nil, limit: nil, permits: nil, **options)
      leases = @locks.leases(name, mode:, limit:, permits:)
      Candidacy.new(stop:, once:) { open_lock(leases, wait: Float::INFINITY, stop:, brief: true, **options) }
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
