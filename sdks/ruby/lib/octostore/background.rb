# frozen_string_literal: true

module Octostore
  # Work in the background.
  #
  # @api private
  module Background
    # Runs the block in a thread of its own.
    #
    # @return [Thread]
    def self.run(&block)
      # A thread inherits its parent's interrupt mask, but not the reasons for it.
      Thread.new { Thread.handle_interrupt(Object => :immediate, &block) }
    end
  end
end
