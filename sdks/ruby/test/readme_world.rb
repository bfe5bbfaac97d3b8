# frozen_string_literal: true

# What the examples of the README find around them.

require "octostore"
require "stringio"

def invoices
  %w[2026-1 2026-2]
end

def send_invoice(_invoice, fence:)
  fence.is_a?(Integer) or raise "no fencing token"
end

def run_next_job(_token)
  Process.kill("TERM", Process.pid)
  Thread.pass
end

# Events, for the examples that watch.
Thread.new do
  client = Octostore::Client.new
  loop { client.hold("billing/example-#{Process.pid}", ttl: 1) { Thread.pass } }
end

# As much of OpenTelemetry as the example uses.
$LOADED_FEATURES << File.expand_path("opentelemetry.rb", __dir__)
$LOAD_PATH << __dir__
module OpenTelemetry
  Span = Struct.new(:name, :attributes) do
    def add_event(name) = name
    def record_exception(error) = error
    def finish = warn("finished #{name} of #{attributes}")
  end

  def self.tracer_provider = self
  def self.tracer(_name) = self
  def self.start_span(name, attributes:) = Span.new(name, attributes)
end

# Messages as they come to a Rack application: one without a signature, and one with a good one.
def run(application)
  signed = { "HTTP_WEBHOOK_ID" => "msg-1", "HTTP_WEBHOOK_TIMESTAMP" => Time.now.to_i.to_s }
  content = "#{signed.values.join(".")}.{}"
  signature = [OpenSSL::HMAC.digest("SHA256", "a-secret-of-yours", content)].pack("m0")
  statuses = [{}, { **signed, "HTTP_WEBHOOK_SIGNATURE" => "v1,#{signature}" }].map do |headers|
    application.call({ **headers, "rack.input" => StringIO.new("{}") }).first
  end
  raise "wrong answers: #{statuses}" unless statuses == [400, 204]
end
