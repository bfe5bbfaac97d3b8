# frozen_string_literal: true

require_relative "backoff"
require_relative "clock"
require_relative "failures"
require_relative "rules"

module Octostore
  # Which server each attempt of a call goes to, and when. The attempts go in rounds: in each, every server is asked
  # once, without a pause in between. Before each further round there is a pause, which grows.
  #
  # @api private
  class Route
    # A server, and in how many seconds it can be asked.
    Choice = Struct.new(:server, :pause)
    private_constant :Choice

    # An attempt that lasted this long, in seconds, has waited in line.
    WAITED_SECONDS_MIN = 1

    # @return [Address] the server for the next attempt
    attr_reader :server

    # @param servers [Servers]
    # @param rounds_max [Numeric] the last round
    # @param patient_until [Float] until then it goes on after the last round, and waits for any `Retry-After` that ends
    #   by then, on the clock of leases
    def initialize(servers, rounds_max: 1 + Rules::REPEATS_MAX, patient_until: -Float::INFINITY)
      @servers = servers
      @rounds_max = rounds_max
      @patient_until = patient_until
      @server = servers.current
      start_again
    end

    # An attempt has succeeded. If its connection breaks, the route begins with the first round again, and never ends.
    def restart
      @servers.keep(server)
      @rounds_max = Float::INFINITY
      start_again
    end

    # Goes on after a failed attempt.
    #
    # @param error [StandardError]
    # @param lasted [Numeric] how many seconds the attempt took
    # @return [Numeric, nil] how many seconds to pause before the next attempt; nil if there is none
    def next(error, lasted = 0)
      @failures = 0 if @patient_until > -Float::INFINITY && lasted >= WAITED_SECONDS_MIN
      @asked << server
      @busy_until[server] = Clock.now + retry_after(error)
      # Another server would say the same about a request that this one has understood.
      servers = Failures.of_server?(error) ? @servers.from_current : [server]
      choice = in_this_round(servers) || in_next_round(servers)
      @server = choice.server if choice
      choice&.pause
    end

    private

    def start_again
      @round = 1
      # How many rounds have failed since the pauses began to grow.
      @failures = 0
      @asked = []
      @busy_until = {}
    end

    def retry_after(error)
      (error.retry_after if error.is_a?(Error)) || 0
    end

    def in_this_round(servers)
      choices(servers - @asked, 0).select { |choice| soon?(choice) }.min_by(&:pause)
    end

    def in_next_round(servers)
      patience = @patient_until - Clock.now
      return if @round >= @rounds_max && !patience.positive?

      choice = soonest(choices(servers, pause_of_round(patience)))
      @round += 1
      @failures += 1
      @asked = []
      choice
    end

    # A route that never ends waits for any `Retry-After`.
    def soonest(choices)
      choice = choices.min_by(&:pause)
      choice if soon?(choice) || @rounds_max == Float::INFINITY
    end

    def pause_of_round(patience)
      pause = Backoff.delay(@failures + 1)
      @round < @rounds_max ? pause : [pause, patience].min
    end

    def choices(servers, pause)
      servers.map { |server| Choice.new(server, [pause, @busy_until.fetch(server, 0) - Clock.now].max) }
    end

    def soon?(choice)
      choice.pause <= [Rules::RETRY_AFTER_MS_MAX / 1000.0, @patient_until - Clock.now].max
    end
  end
end
