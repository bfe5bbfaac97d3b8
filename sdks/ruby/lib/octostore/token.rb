# frozen_string_literal: true

require_relative "checks"

module Octostore
  # A token that shows itself to nobody who does not ask for the header.
  #
  # @api private
  class Token
    # @raise [ValidationError] if it cannot stand in a header
    def initialize(text)
      Checks.token(text)
      # Held by a closure and not in a variable of the object, where everything that prints, dumps or serialises objects
      # would find it.
      @header = -> { "Bearer #{text}" }
      freeze
    end

    # @return [String] the value of the `Authorization` header
    def header
      @header.call
    end

    # Without the token.
    def inspect
      "#<#{self.class}>"
    end
    alias to_s inspect
  end
end
