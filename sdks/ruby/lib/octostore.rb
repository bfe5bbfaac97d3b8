# frozen_string_literal: true

require_relative "octostore/client"
require_relative "octostore/errors"
require_relative "octostore/flag"
require_relative "octostore/rules"
require_relative "octostore/version"
require_relative "octostore/webhook_signature"

# Locks, leaders and sessions over HTTP. Begin with {Client}.
module Octostore
end
