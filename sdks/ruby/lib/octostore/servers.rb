# frozen_string_literal: true

require_relative "address"
require_relative "errors"

module Octostore
  # The servers at which a client reaches the service, and the one that it uses now. All calls of the client share this.
  #
  # @api private
  class Servers
    # @return [Array<Address>] without repetitions
    attr_reader :addresses
    # @return [Address]
    attr_reader :current

    # @param urls [String, Array<String>] base URLs; a text may hold several, separated by commas
    # @raise [ValidationError] if one is not valid, or there is none
    def initialize(urls)
      texts = Array(urls).flat_map { |text| text.to_s.split(",").map(&:strip) }.reject(&:empty?)
      @addresses = texts.map { |text| Address.new(text) }.uniq(&:to_s).freeze
      raise ValidationError, "A client needs at least one base URL." if addresses.empty?

      @current = addresses.first
    end

    # @return [Array<Address>] all, the current one first
    def from_current
      addresses.rotate(addresses.index(current))
    end

    # A server that works is kept.
    def keep(address)
      @current = address
    end

    # Goes on with the next server after one that does not work, unless another call has done so already.
    def leave(address)
      @current = from_current.fetch(1, address) if address.equal?(current)
    end

    def to_s
      addresses.join(", ")
    end
  end
end
