# frozen_string_literal: true

module Octostore
  # Puts the frames of a stream of Server-Sent Events together from pieces that are cut anywhere.
  #
  # @api private
  class EventFrames
    # One message.
    #
    # @!attribute event
    #   @return [String]
    # @!attribute id
    #   @return [String, nil] nil for a frame without one
    # @!attribute data
    #   @return [String]
    Frame = Struct.new(:event, :id, :data)

    def initialize
      # Bytes, since a piece may end within a character.
      @rest = "".b
      clear
    end

    # @param piece [String]
    # @return [Array<Frame>] the frames that it completes
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
