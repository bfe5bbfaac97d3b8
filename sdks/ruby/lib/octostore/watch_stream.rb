# frozen_string_literal: true

require_relative "answers"
require_relative "backoff"
require_relative "caller"
require_relative "clock"
require_relative "errors"
require_relative "event_frames"
require_relative "failures"
require_relative "readers"
require_relative "request"
require_relative "route"
require_relative "rules"
require_relative "transport"

module Octostore
  # The updates of one watch, one after the other. After a disconnect, it resumes without a gap or a repeat.
  #
  # @api private
  class WatchStream
    # @param caller [Caller]
    # @param state [Symbol] which of the {Readers} reads a state
    # @param stop [Flag]
    def initialize(caller, path, state:, stop:)
      @caller = caller
      @path = path
      @readers = { "state" => state, "reset" => :reset, **Readers::EVENTS.to_h { |event| [event, :lock_event] } }
      @stop = stop
      @route = Route.new(caller.servers)
      @begun = false
      # Whether the current connection has given an update.
      @flowing = false
    end

    # Waits for the next update, for as long as it takes.
    #
    # @raise [Error] that retrying cannot fix
    # @raise [Stopped]
    # @return [Update]
    def next
      update = next_update
      @route.restart unless @flowing
      @begun = @flowing = true
      update
    rescue Error => e
      close
      @stop.pause(pause_after(e))
      retry
    end

    # Ends the connection.
    def close
      @exchange&.cancel
      @exchange = nil
    end

    private

    # Retries the first connection like a read, and later ones for as long as it takes.
    def pause_after(error)
      @caller.servers.leave(@route.server) if Failures.of_server?(error)
      mendable = @begun ? !Failures.final?(error) : Failures.repeatable?(error, safe: true)
      pause = @route.next(error) if mendable
      raise error if pause.nil?

      # All streams of a server break at the same time, so they must not all come back at the same time.
      spread = @flowing ? Backoff.delay(1) : 0
      @flowing = false
      [pause, spread].max
    end

    # From the current connection, or from a new one.
    def next_update
      connect unless @exchange
      loop do
        read_more while @frames.empty?
        frame = @frames.shift
        update = update_of(frame)
        @last_event_id = frame.id if frame.id
        return update if update
      end
    end

    # With the current token, and again each time the token was replaced meanwhile.
    def connect
      presented = @caller.bearer.present
      loop do
        opening = request
        return if connect_with(opening, presented.token_for(opening, Clock.now + @caller.timeout, @stop), presented)

        close
      end
    end

    # @return [Boolean] false if it was refused and there is another token now
    def connect_with(request, token, presented)
      @exchange = @caller.transport.start(@route.server, request, token, fresh: false, stop: @stop)
      @parser = EventFrames.new
      @frames = []
      until_time = @exchange.sent_at + @caller.timeout
      head = @exchange.take(until_time)
      return false if head.status == 401 && presented.replaced?(until_time, @stop)

      refuse(head, until_time) unless head.status == 200
      return true if head.headers["content-type"]&.start_with?("text/event-stream")

      raise ServerError.new("the answer of the server is no event stream", status: head.status)
    end

    def request
      headers = { "accept" => "text/event-stream", "last-event-id" => @last_event_id }.compact
      Request.new(:get, @path, headers:)
    end

    def refuse(head, until_time)
      text = @caller.transport.rest_of(@exchange, until_time)
      raise Answers.error(Transport::Answer.new(**head.to_h, text:))
    end

    def read_more
      # The server sends something more often than this, unless the connection is dead.
      piece = @exchange.take(Clock.now + (Rules::WATCH_SILENCE_MS_MAX / 1000.0))
      raise NetworkError.new("the stream of #{@route.server} ended", sent: true) if piece.nil?

      @frames = @parser.read(piece)
    end

    # @return [Update, nil] nil for a kind of event that this version does not know
    def update_of(frame)
      reader = @readers[frame.event]
      reader && Update.new(type: frame.event, data: Readers.of(reader).call(frame.data))
    rescue Fields::Unexpected
      raise ServerError.new("an event of the server cannot be understood", status: 200)
    end
  end
end
