# frozen_string_literal: true

module Octostore
  # Assembles the frames of a stream of Server-Sent Events from chunks that may be split anywhere.
  #
  # @api private
  class EventFrames
    # One frame.
    #
    # @!attribute event
    #   @return [String]
    # @!attribute id
    #   @return [String, nil] nil if the frame has none
    # @!attribute data
    #   @return [String]
    Frame = Struct.new(:event, :id, :data)

    def initialize
      # Bytes, because a chunk may end within a character.
      @rest = "".b
      clear
    end

    # @param piece [String]
    # @return [Array<Frame>] the frames that the chunk completes
    def read(piece)
      @rest << piece
      *lines, @rest = @rest.split("\n", -1)
      @rest ||= "".b
      lines.filter_map { |line| take(line.chomp("\r").force_encoding(Encoding::UTF_8)) }
    end

    private

    def take(line)
      return complete if line.empty?

      field, _, value = line.partition(":")
      value = value.delete_prefix(" ")
      case field
      when "event" then @event = value
      when "id" then @id = value
      when "data" then @data << value
      end
      nil
    end

    def complete
      frame = Frame.new(@event, @id, @data.join("\n")) unless @data.empty?
      clear
      frame
    end

    def clear
      @event = "message"
      @id = nil
      @data = []
    end
  end
end
