# frozen_string_literal: true

module Octostore
  # A request as a transport of yours gets it, see {Client#initialize}.
  class HttpRequest
    # @return [String] "GET", "POST" or "DELETE"
    attr_reader :verb
    # @return [String]
    attr_reader :url
    # @return [Hash{String => String}] with the token in `authorization`; names are in lower case
    attr_reader :headers
    # @return [String, nil]
    attr_reader :body

    # @param fresh [Boolean] whether it must not be sent on a connection that was used before
    def initialize(verb, url, headers, body, fresh: false)
      @verb = verb
      @url = url
      @headers = headers.freeze
      @body = body
      @fresh = fresh
      freeze
    end

    # Whether it must not be sent on a connection that was used before: it is not safe to repeat, and if an old
    # connection breaks, no one knows whether the server has received it.
    def fresh?
      @fresh
    end

    # For logs and debugging, without the headers and the body, which have secrets.
    def inspect
      "#<#{self.class} #{verb} #{url}>"
    end
    alias to_s inspect
  end
end
