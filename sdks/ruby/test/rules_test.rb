# frozen_string_literal: true

require_relative "helper"
require "json"

class RulesTest < OctostoreTest
  def test_the_numbers_are_those_of_all_sdks
    shared = File.read(File.expand_path("../../conformance/rules.json", __dir__))
    assert_equal(JSON.parse(shared, symbolize_names: true), Octostore::Rules.to_h)
  end
end
