# frozen_string_literal: true

module Octostore
  # What is done while the program goes on.
  #
  # @api private
  module Background
    # Runs the block in a thread of its own.
    #
    # @return [Thread]
    def self.run(&block)
      # A thread inherits from its parent which interrupts it puts off. The parent's reasons are not its own.
      Thread.new { Thread.handle_interrupt(Object => :immediate, &block) }
    end
  end
end
