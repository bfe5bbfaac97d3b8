# frozen_string_literal: true

require "erb"
require "json"
require "net/http"
require_relative "errors"
require_relative "http_request"
require_relative "version"

module Octostore
  # One HTTP request, relative to the base URL.
  #
  # @api private
  class Request
    KINDS = { get: Net::HTTP::Get, post: Net::HTTP::Post, delete: Net::HTTP::Delete }.freeze
    private_constant :KINDS

    # @return [Float, nil] when the response must be complete, on the clock of leases; nil for the client's timeout
    attr_reader :until_time

    # Whether it needs no token.
    def public?
      @public
    end

    # @param parts [Array<String>] the parts of the path; each is percent-encoded as a whole
    # @return [String]
    def self.path(*parts)
      parts.map { |part| "/#{ERB::Util.url_encode(part)}" }.join
    end

    # @return [String] a path with a query; members without a value are left out
    def self.query(path, members)
      text = URI.encode_www_form(members.compact)
      text.empty? ? path : "#{path}?#{text}"
    end

    # @param method [:get, :post, :delete]
    # @param body [Hash, nil] sent as JSON, without members that are nil
    # @raise [ValidationError] if it cannot be encoded as JSON
    def initialize(method, path, body: nil, headers: {}, until_time: nil, public: false)
      @kind = KINDS.fetch(method)
      @path = path
      @body = body ? json(body.compact) : ""
      @headers = headers
      @until_time = until_time
      @public = public
      freeze
    end

    # For Net::HTTP.
    #
    # @param address [Address]
    # @param token [Token, nil]
    # @return [Net::HTTPRequest]
    def to_http(address, token)
      request = @kind.new(address.path + @path, headers(token))
      request.body = @body if request.request_body_permitted?
      request
    end

    # For a transport of the program.
    #
    # @param address [Address]
    # @param token [Token, nil]
    # @return [HttpRequest]
    def to_plain(address, token, fresh:)
      body = @body if @kind::REQUEST_HAS_BODY
      HttpRequest.new(@kind::METHOD, "#{address}#{@path}", headers(token), body, fresh:)
    end

    private

    def headers(token)
      {
        "accept" => "application/json",
        "accept-encoding" => "identity",
        "authorization" => token&.header,
        "content-type" => ("application/json" if @kind::REQUEST_HAS_BODY),
        "user-agent" => "octostore-ruby/#{VERSION}",
        **@headers
      }.compact
    end

    def json(body)
      JSON.generate(body)
    rescue JSON::GeneratorError, EncodingError
      # Its message quotes the body, which may contain a secret.
      raise ValidationError, "The texts of a request must be valid in their encoding.", cause: nil
    end
  end
end
