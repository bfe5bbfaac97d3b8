# frozen_string_literal: true

require_relative "helper"
require "open3"
require "tempfile"

# The examples of the README, each run as the program that it is.
class ReadmeTest < OctostoreTest
  FOLDER = File.expand_path("..", __dir__)
  EXAMPLES = File.read("#{FOLDER}/README.md").scan(/^```ruby\n(.*?)^```$/m).flatten.freeze

  def test_there_are_some
    assert_operator EXAMPLES.size, :>=, 7
  end

  EXAMPLES.each_with_index do |example, at|
    define_method("test_example_#{at + 1}") { run_example(example) }
  end

  private

  def run_example(example)
    program = example.sub("http://localhost:3000", ENV.fetch("OCTOSTORE_BASE_URL"))
                     .sub("octo_...", ENV.fetch("OCTOSTORE_TOKEN"))
    Tempfile.create(%w[example .rb]) do |file|
      file.write(program)
      file.close
      command = ["ruby", "-w", "-I", "#{FOLDER}/lib", "-r", "#{__dir__}/readme_world", file.path]
      said, status = Timeout.timeout(SOON) { Open3.capture2e(plain_environment, *command) }
      assert_predicate status, :success?, said
      refute_match(/warning/, said)
    end
  end

  def plain_environment
    { "RUBYOPT" => nil }
  end
end
