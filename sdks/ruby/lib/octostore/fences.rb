# frozen_string_literal: true

require_relative "checks"
require_relative "readers"
require_relative "request"

module Octostore
  # Fences, see {Client#fences}. A fence remembers the highest fencing token that a resource has seen, for resources
  # that cannot do so themselves. Its name follows the rules of lock names.
  class Fences
    # @param caller [Caller]
    def initialize(caller)
      @caller = caller
    end

    # Call this before you change what your lock protects. From now on, the fence refuses every lower token. The first
    # call creates the fence.
    #
    # @param name [String]
    # @param fencing_token [Integer]
    # @raise [StaleTokenError] if the fence has seen a higher token; then stop
    # @return [Fence]
    def advance(name, fencing_token)
      compare(name, "advance", fencing_token)
    end

    # Answers as {#advance} would, and changes nothing. For those who share a lock and only read.
    #
    # @param name [String]
    # @param fencing_token [Integer]
    # @raise [StaleTokenError] if the fence has seen a higher token; then stop
    # @return [Fence]
    def check(name, fencing_token)
      compare(name, "check", fencing_token)
    end

    # @param name [String]
    # @return [Fence]
    def get(name)
      call(Request.new(:get, path(name)))
    end

    private

    def compare(name, verb, fencing_token)
      call(Request.new(:post, path(name, verb), body: { fencing_token: Checks.fencing_token(fencing_token) }))
    end

    def path(name, *verb)
      Request.path("fences", Checks.name(name, "fence"), *verb)
    end

    def call(request)
      @caller.call(safe: true, read: Readers.of(:fence)) { request }.value
    end
  end
end
