# frozen_string_literal: true

module Octostore
  # The use of what has to be closed.
  #
  # @api private
  module Scope
    # Opens something, passes it to the block, and closes it, whatever ends the block.
    #
    # @param open [#call]
    # @return what the block returns
    def self.with(open)
      thing = nil
      # An exception that comes from another thread, such as the one of Timeout, may come while the server is waited
      # for, but not between its answer and the assignment: what nobody knows of would be kept for ever.
      Thread.handle_interrupt(Object => :on_blocking) { thing = open.call }
      yield thing
    ensure
      thing&.close
    end
  end
end
