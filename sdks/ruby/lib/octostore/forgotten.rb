# frozen_string_literal: true

require_relative "background"

module Octostore
  # Handles that are garbage-collected without having been closed.
  #
  # @api private
  module Forgotten
    @exiting = false
    # At the end of the process, everything is collected, whether or not it was forgotten. This runs after the hooks of
    # the program.
    at_exit { @exiting = true }

    class << self
      # Warns and stops renewing when a handle is garbage-collected while its keeper still works.
      #
      # @param handle [Lock, Session]
      # @param keeper [Keeper] which must not refer to the handle
      def expect_end(handle, keeper)
        ObjectSpace.define_finalizer(handle, finalizer(keeper))
      end

      private

      # In a thread of its own: a finalizer may run while this thread has locked anything.
      def finalizer(keeper)
        proc { Background.run { keeper.forgotten } unless @exiting || keeper.over.set? || keeper.foreign? }
      end
    end
  end
end
