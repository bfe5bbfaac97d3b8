# frozen_string_literal: true

require_relative "helper"
require "json"

class RulesTest < OctostoreTest
  def test_the_numbers_are_those_of_all_sdks
    assert_equal({ **shared("rules.json"), **shared("rules-real-programs.json") }, Octostore::Rules.to_h)
  end

  private

  def shared(file)
    JSON.parse(File.read(File.expand_path("../../conformance/#{file}", __dir__)), symbolize_names: true)
  end
end
