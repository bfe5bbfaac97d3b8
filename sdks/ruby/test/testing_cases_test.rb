# frozen_string_literal: true

require_relative "helper"
require "octostore/testing"

# The test double answers the cases for test doubles as the real server does.
class TestingCasesTest < Minitest::Test
  CASES = JSON.parse(File.read("#{__dir__}/../../conformance/test-double-cases.json")).fetch("cases")
  COMPARISONS = { "$gt" => :>, "$gte" => :>=, "$lt" => :<, "$lte" => :<= }.freeze
  # How long anything may take that should happen soon, in seconds.
  SOON = 20

  CASES.each do |given|
    define_method("test_#{given.fetch("name")}") { given.fetch("steps").each { |step| run_step(step) } }
  end

  def setup
    @store = Octostore::Testing::Server.new
    @store.client("ada")
    @store.client("bob")
    @store.client("admin", admin: true)
    @saved = { "lock" => "case-#{SecureRandom.uuid}", "ada" => "ada", "bob" => "bob" }
    (1..4).each { |number| @saved["id#{number}"] = SecureRandom.uuid }
    @started = {}
  end

  private

  def run_step(step)
    kind = %w[pass_seconds start finish].find { |name| step.key?(name) }
    case kind
    when "pass_seconds" then @store.advance(step.fetch(kind))
    when "start" then @started[step.fetch(kind)] = started(request_of(step))
    when "finish" then check(finished(step.fetch(kind)), step)
    else check(step.key?("until") ? ask_until(step) : @store.call(request_of(step)), step)
    end
  end

  # It waits as a client does, so that the clock can come to rest meanwhile.
  def started(request)
    Thread.new { @store.lease_clock.acquiring { @store.call(request) } }
  end

  def finished(name)
    thread = @started.fetch(name)
    assert thread.join(SOON), "the request #{name} has no answer"
    thread.value
  end

  def ask_until(step)
    Timeout.timeout(SOON) do
      loop do
        response = @store.call(request_of(step))
        return response if difference(step.fetch("answer"), read(response)).nil?

        sleep 0.002
      end
    end
  end

  def request_of(step)
    verb, path = filled(step.fetch("ask")).split
    body = step.key?("body") ? JSON.generate(filled(step.fetch("body"))) : nil
    headers = step.fetch("as") ? { "authorization" => "Bearer token-of-#{step.fetch("as")}" } : {}
    Octostore::HttpRequest.new(verb, "http://octostore.test#{path}", headers, body)
  end

  def check(response, step)
    assert_equal step.fetch("status"), response.first, "#{step}: #{response.last}"
    assert_nil difference(step["answer"], read(response)), step.to_s if step.key?("answer")
    step.fetch("save", {}).each { |name, field| @saved[name] = read(response).fetch(field) }
  end

  def read((_, _, body))
    body.start_with?("{") ? JSON.parse(body) : nil
  end

  def filled(value)
    case value
    when /\A\{(\w+)\}\z/ then @saved.fetch(Regexp.last_match(1))
    when String then value.gsub(/\{(\w+)\}/) { @saved.fetch(Regexp.last_match(1)).to_s }
    when Array then value.map { |entry| filled(entry) }
    when Hash then value.transform_values { |member| filled(member) }
    else value
    end
  end

  # Where an answer differs from the expected one; nil if it does not.
  def difference(expected, actual, path = "the answer")
    case expected
    when Hash then difference_of_objects(expected, actual, path)
    when Array then difference_of_lists(expected, actual, path)
    else
      is_same = expected == "$any" ? !actual.nil? : filled(expected) == actual
      is_same ? nil : "#{path} is #{actual.inspect}, not #{expected.inspect}"
    end
  end

  def difference_of_objects(expected, actual, path)
    return difference_of_numbers(expected, actual, path) if expected.keys.any? { |key| COMPARISONS.key?(key) }
    return "#{path} is #{actual.inspect}, not an object" unless actual.is_a?(Hash)

    expected.filter_map { |name, one| difference(one, actual[name], "#{path}.#{name}") }.first
  end

  def difference_of_numbers(bounds, actual, path)
    is_within = bounds.all? { |name, bound| actual&.public_send(COMPARISONS.fetch(name), filled(bound)) }
    is_within ? nil : "#{path} is #{actual.inspect}, not #{bounds}"
  end

  def difference_of_lists(expected, actual, path)
    return "#{path} has #{actual&.size} entries" unless actual.is_a?(Array) && actual.size == expected.size

    found = expected.zip(actual).each_with_index.map { |(one, other), at| difference(one, other, "#{path}[#{at}]") }
    found.compact.first
  end
end
