# frozen_string_literal: true

module Octostore
  VERSION = "1.0.0"
end
