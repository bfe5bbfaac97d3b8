# frozen_string_literal: true

module Octostore
  # Uses something that must be closed.
  #
  # @api private
  module Scope
    # Opens something, passes it to the block, and closes it, however the block ends.
    #
    # @param open [#call]
    # @return what the block returns
    def self.with(open)
      thing = nil
      # An exception from another thread, such as Timeout's, may arrive while we wait for the server, but not between
      # its response and the assignment. Otherwise the new lock or session would be renewed forever with no one knowing
      # about it.
      Thread.handle_interrupt(Object => :on_blocking) { thing = open.call }
      yield thing
    ensure
      thing&.close
    end
  end
end
