# frozen_string_literal: true

require "json"
require "uri"
require_relative "../client"
require_relative "../errors"
require_relative "clock"
require_relative "routes"

module Octostore
  module Testing
    # An OctoStore in memory, with a clock that stands still until the test moves it. Its clients are real ones: only
    # what is below them, the transport, is not.
    #
    # @example
    #   server = Octostore::Testing::Server.new
    #   lock = server.client("ada").hold("a", ttl: 30)
    #   server.advance(3600)
    #   lock.lost? # => false, because it was renewed
    class Server
      # What the server knows of a request.
      Asked = Struct.new(:verb, :path, :query, :user, :body)
      private_constant :Asked

      # @return [Clock] of all leases, for the clients
      # @api private
      attr_reader :lease_clock

      # Whether requests get through. If not, they fail as if there were no connection.
      #
      # @return [Boolean]
      attr_writer :reachable

      def initialize
        @lease_clock = Clock.new
        @admins = []
        @users = {}
        @routes = Routes.new(lease_clock, @admins)
        @mutex = Mutex.new
        @changed = ConditionVariable.new
        @waiting = 0
        @reachable = true
      end

      # A client of a user. Each user has as many as you like.
      #
      # @param user [String] the login
      # @param admin [Boolean] whether the user may break locks
      # @param options other options of {Octostore::Client#initialize}
      # @return [Octostore::Client]
      def client(user = "test", admin: false, **options)
        token = "token-of-#{user}"
        @mutex.synchronize do
          @users["Bearer #{token}"] = user
          @admins << user if admin
        end
        Octostore::Client.new(base_url: "http://octostore.test", token:, transport: self, **options)
      end

      # @return [Time] the present time of the clock
      def now
        Answers::EPOCH + lease_clock.now
      end

      # Moves the clock forward. Everything that falls due meanwhile happens in order, and has happened when this
      # returns: renewals, keepalives, expiry, losses, and waits that end.
      #
      # @param seconds [Numeric]
      # @return [nil]
      def advance(seconds)
        target = lease_clock.now + seconds
        rest
        while lease_clock.now < target
          lease_clock.move_to([next_time, target].compact.min)
          @mutex.synchronize { @routes.law.pass_time }
          rest
        end
      end

      # Waits until so many requests wait for a lock, in real time.
      #
      # @param name [String]
      # @param count [Integer]
      # @return [nil]
      def await_waiters(name, count = 1)
        ends_at = Octostore::Clock.now + Clock::REST_SECONDS_MAX
        @mutex.synchronize do
          until @routes.law.line.of(name).count(&:asking?) == count
            left = ends_at - Octostore::Clock.now
            raise "There are not #{count} requests that wait for the lock #{name}." if left <= 0

            @changed.wait(@mutex, left)
          end
        end
        nil
      end

      # The transport of the clients.
      #
      # @api private
      # @param request [HttpRequest]
      # @return [Array(Integer, Hash, String)]
      def call(request)
        raise NetworkError.new("no connection to the test double, as the test wants it", sent: false) unless @reachable

        status, value = answer(asked(request))
        [status, {}, value.is_a?(Hash) ? JSON.generate(value) : value.to_s]
      rescue Refusal => e
        [e.status, {}, @mutex.synchronize { @routes.refusal(e) }]
      end

      # For logs and debugging.
      def inspect
        "#<#{self.class} #{now}>"
      end
      alias to_s inspect

      private

      def asked(request)
        uri = URI(request.url)
        body = request.body.to_s.empty? ? {} : JSON.parse(request.body)
        user = @mutex.synchronize { @users[request.headers["authorization"]] }
        unless user || uri.path == "/health"
          raise Refusal.new(401, "unauthorized", "The token is missing or not valid.")
        end

        Asked.new(request.verb, uri.path, uri.query, user, body)
      end

      def answer(asked)
        @mutex.synchronize do
          @routes.law.pass_time
          holds = @routes.wanted(asked.verb, asked.path, asked.body)
          holds ? acquire(asked, holds) : @routes.answer(*asked.to_a)
        ensure
          @changed.broadcast
        end
      end

      def acquire(asked, holds)
        ticket, before = @routes.ask(asked.user, holds, asked.body)
        seconds = asked.body["wait_seconds"].to_i
        wait_for(ticket, seconds) unless ticket.lease
        @routes.conclude(ticket, before, asked.path != "/leases", waited: seconds.positive?)
      end

      # Lets others in meanwhile.
      def wait_for(ticket, seconds)
        return if seconds.zero?

        ends_at = lease_clock.now + seconds
        @waiting += 1
        @changed.broadcast
        @mutex.unlock
        lease_clock.wait(ticket.answered, ends_at)
      ensure
        relock unless seconds.zero?
      end

      def relock
        @mutex.lock unless @mutex.owned?
        @waiting -= 1
        @routes.law.pass_time
      end

      def next_time
        [lease_clock.next_time, @mutex.synchronize { @routes.law.next_time }].compact.min
      end

      # Waits until no client has anything to do. Those that acquire something do nothing once they wait here.
      def rest
        lease_clock.rest { |acquiring| !@reachable || acquiring == @waiting }
        nil
      end
    end
  end
end
