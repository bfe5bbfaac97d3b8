# frozen_string_literal: true

require "uri"
require_relative "errors"

module Octostore
  # The address of a server.
  #
  # @api private
  class Address
    # @return [String] the path of the server's routes, without a trailing slash
    attr_reader :path

    # @param text [String] an http or https URL
    # @raise [ValidationError] which does not quote it, because a URL can contain credentials
    def initialize(text)
      uri = parsed(text)
      raise ValidationError, "The base URL must be an http or https URL." unless uri
      raise ValidationError, "The base URL must not hold credentials: give the token by itself." if uri.userinfo

      @uri = uri
      @path = uri.path.sub(%r{/+\z}, "")
      freeze
    end

    # @return [String]
    def host
      @uri.hostname
    end

    # @return [Integer]
    def port
      @uri.port
    end

    def tls?
      @uri.scheme == "https"
    end

    # @return [String] the URL
    def to_s
      default_port = @uri.port == @uri.default_port
      "#{@uri.scheme}://#{@uri.host}#{":#{@uri.port}" unless default_port}#{@path}"
    end

    private

    def parsed(text)
      uri = URI.parse(text)
      uri if uri.is_a?(URI::HTTP) && !uri.hostname.to_s.empty?
    rescue URI::Error
      nil
    end
  end
end
