# frozen_string_literal: true

require_relative "helper"
require "rbs"

class SignaturesOfTypesTest < Minitest::Test
  def setup
    loader = RBS::EnvironmentLoader.new
    loader.add(path: Pathname(File.expand_path("../sig", __dir__)))
    @builder = RBS::DefinitionBuilder.new(env: RBS::Environment.from_loader(loader).resolve_type_names)
  end

  def test_each_value_has_the_members_of_its_signature
    values = constants.select { |constant| constant.is_a?(Class) && constant < Struct }
    refute_empty values
    values.each { |value| assert_equal value.members.sort, signed_methods(value).sort, value.name }
  end

  def test_each_public_method_has_a_signature
    [Octostore::Client, Octostore::SingleRequests, Octostore::Interventions, Octostore::Webhooks, Octostore::Fences,
     Octostore::OwnLeases, Octostore::HttpRequest, Octostore::Lock, Octostore::Session, Octostore::Kept,
     Octostore::Election, Octostore::Flag, Octostore::Watch,
     *constants.select { |constant| constant.is_a?(Class) && constant < Exception }].each do |owner|
      own = owner.public_instance_methods(false).grep_v(/__with/) - %i[inspect to_s keeper loss close_within]
      assert_equal own.sort, signed_methods(owner).sort, owner.name
    end
  end

  private

  def constants
    Octostore.constants.map { |name| Octostore.const_get(name) }
  end

  # Of the public methods that it defines itself.
  def signed_methods(owner)
    name = RBS::TypeName.new(name: owner.name.split("::").last.to_sym, namespace: RBS::Namespace.parse("::Octostore"))
    methods = @builder.build_instance(name).methods
    methods.select { |_, method| method.implemented_in == name && method.public? }.keys - [:initialize]
  end
end
