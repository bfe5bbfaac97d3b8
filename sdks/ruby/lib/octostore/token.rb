# frozen_string_literal: true

require_relative "checks"

module Octostore
  # A token that reveals itself only as a header.
  #
  # @api private
  class Token
    # @raise [ValidationError] if it cannot be sent in a header
    def initialize(text)
      Checks.token(text)
      # Held by a closure rather than an instance variable, where everything that prints, dumps or serialises objects
      # would find it.
      @header = -> { "Bearer #{text}" }
      freeze
    end

    # @return [String] the value of the `Authorization` header
    def header
      @header.call
    end

    # Whether the other one has the same text.
    #
    # @param other [Token, nil]
    def same?(other)
      header == other&.header
    end

    # Without the token.
    def inspect
      "#<#{self.class}>"
    end
    alias to_s inspect
  end
end
