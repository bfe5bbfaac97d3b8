# frozen_string_literal: true

# The driver of the Ruby SDK: requests from standard input to the SDK, what comes of them to standard output. It decides
# nothing.

require "json"
require_relative "../lib/octostore"
require_relative "protocol"
require_relative "requests"

$stdout.sync = true

output = Mutex.new
tell = ->(message) { output.synchronize { $stdout.write("#{JSON.generate(message)}\n") } }
requests = Conformance::Requests.new(tell)

$stdin.each_line do |line|
  given = JSON.parse(line, symbolize_names: true)
  id = given.delete(:id)
  Thread.new do
    # Anything but an error of the SDK is a mistake of this program.
    Thread.current.abort_on_exception = true
    tell.call({ id:, value: Conformance::Protocol.value(requests.serve(given.delete(:do), given)) })
  rescue Octostore::Error, Conformance::ProgramError => e
    tell.call({ id:, error: Conformance::Protocol.error(e) })
  end
end
exit!(true)
