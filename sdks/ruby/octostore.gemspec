# frozen_string_literal: true

require_relative "lib/octostore/version"

Gem::Specification.new do |spec|
  spec.name = "octostore"
  spec.version = Octostore::VERSION
  spec.authors = ["The OctoStore authors"]
  spec.summary = "Client of OctoStore: distributed locks, leader election and sessions over HTTP"
  spec.description = "Locks with fencing tokens that are renewed in the background and tell in time when they are " \
                     "lost, leader election, sessions, watches and webhooks. Needs Ruby's standard library alone."
  spec.license = "MIT"
  spec.required_ruby_version = ">= 3.1"
  spec.files = Dir["lib/**/*.rb", "sig/**/*.rbs", "README.md", base: __dir__]
  spec.require_paths = ["lib"]
  spec.metadata["rubygems_mfa_required"] = "true"
end
