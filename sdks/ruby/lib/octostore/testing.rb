# frozen_string_literal: true

require_relative "../octostore"
require_relative "testing/server"

module Octostore
  # An OctoStore in memory, for unit tests of programs that use it. Begin with {Testing::Server}. `require
  # "octostore/testing"` loads it; nothing else does.
  module Testing
  end
end
