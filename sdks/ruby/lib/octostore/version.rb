# frozen_string_literal: true

module Octostore
  # The version of this gem.
  VERSION = "1.0.0"
end
