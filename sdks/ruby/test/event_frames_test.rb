# frozen_string_literal: true

require_relative "helper"

class EventFramesTest < Minitest::Test
  STREAM = ": hello\n\nid: 1\r\nevent:state\r\ndata: ä\r\ndata:  b\r\n\r\nid: 2\n\nevent: x\ndata\n\ndata: c\n"
  FRAMES = [["state", "1", "ä\n b"], ["x", nil, ""]].freeze

  def test_wherever_the_pieces_are_cut
    (0..STREAM.bytesize).each do |at|
      reader = Octostore::EventFrames.new
      pieces = [STREAM.b.byteslice(0, at), STREAM.b.byteslice(at..)]
      assert_equal FRAMES, pieces.flat_map { |piece| reader.read(piece) }.map(&:to_a), "cut at #{at}"
    end
  end

  def test_byte_by_byte
    reader = Octostore::EventFrames.new
    assert_equal FRAMES, STREAM.b.each_char.flat_map { |byte| reader.read(byte) }.map(&:to_a)
  end
end
