# frozen_string_literal: true

require "json"
require "time"

module Octostore
  # The members of a JSON object, with their types checked.
  #
  # @api private
  class Fields
    # A value is missing or has the wrong type. The message does not quote it.
    class Unexpected < StandardError; end

    # @raise [Unexpected] unless the text is JSON
    def self.value(text)
      text = text.dup.force_encoding(Encoding::UTF_8)
      raise Unexpected, "no UTF-8" unless text.valid_encoding?

      JSON.parse(text)
    rescue JSON::ParserError
      # Its message quotes the text.
      raise Unexpected, "no JSON", cause: nil
    end

    # @raise [Unexpected] unless the text is a JSON object
    def self.parse(text)
      new(value(text))
    end

    # @return [Fields, nil] nil unless the text is a JSON object
    def self.try_parse(text)
      parse(text)
    rescue Unexpected
      nil
    end

    # @raise [Unexpected] unless the value is a JSON object
    def initialize(members)
      raise Unexpected, "no object" unless members.is_a?(Hash)

      @members = members
    end

    # Whether it has a value.
    def key?(name)
      !@members[name].nil?
    end

    def text(name)
      expected(name, text_or_nil(name))
    end

    def number(name)
      expected(name, number_or_nil(name))
    end

    def time(name)
      expected(name, time_or_nil(name))
    end

    def flag(name)
      value = @members[name]
      expected(name, [true, false].include?(value) ? value : nil)
    end

    # A text that must be one of the choices.
    def choice(name, choices)
      expected(name, choices.find { |choice| choice == @members[name] })
    end

    def object(name)
      Fields.new(@members[name])
    end

    # The objects of a list.
    def objects(name)
      list(name).map { |value| Fields.new(value) }
    end

    def texts(name)
      list(name).each { |value| raise Unexpected, "no list of texts in #{name}" unless value.is_a?(String) }
    end

    def numbers(name)
      list(name).each { |value| raise Unexpected, "no list of numbers in #{name}" unless value.is_a?(Integer) }
    end

    def text_or_nil(name)
      value = @members[name]
      value if value.is_a?(String)
    end

    def number_or_nil(name)
      value = @members[name]
      value if value.is_a?(Integer)
    end

    def time_or_nil(name)
      text = text_or_nil(name)
      text && Time.iso8601(text)
    rescue ArgumentError
      nil
    end

    private

    def list(name)
      value = @members[name]
      value.is_a?(Array) ? value : raise(Unexpected, "no list in #{name}")
    end

    def expected(name, value)
      value.nil? ? raise(Unexpected, "nothing useful in #{name}") : value
    end
  end
end
