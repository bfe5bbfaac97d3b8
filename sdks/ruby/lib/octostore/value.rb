# frozen_string_literal: true

module Octostore
  # Creates classes of immutable values.
  module Value
    def self.define(*members)
      Struct.new(*members, keyword_init: true) do
        def initialize(**)
          super
          freeze
        end
      end
    end
  end
  private_constant :Value
end
