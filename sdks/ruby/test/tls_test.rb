# frozen_string_literal: true

require_relative "helper"
require "openssl"
require "tempfile"

class TlsTest < OctostoreTest
  PROGRAM = "exit Octostore::Client.new(base_url: ARGV.first).health == 'OK'"

  def setup
    @key = OpenSSL::PKey::EC.generate("prime256v1")
    @certificate = certificate
    @url = misbehaving { |socket| answer(over_tls(socket)) }.sub("http://127.0.0.1", "https://localhost")
  end

  def test_a_server_that_nobody_vouches_for_gets_no_request
    refute_predicate assert_raises(Octostore::NetworkError) { client(base_url: @url).create_session }, :sent?
  end

  def test_a_server_that_somebody_vouches_for
    Tempfile.create do |file|
      file.write(@certificate.to_pem)
      file.close
      # Ruby reads that file when it starts.
      environment = { "SSL_CERT_FILE" => file.path, "RUBYOPT" => nil }
      assert system(environment, RbConfig.ruby, "-w", "-I", "lib", "-r", "octostore", "-e", PROGRAM, @url)
    end
  end

  private

  def over_tls(socket)
    context = OpenSSL::SSL::SSLContext.new
    context.add_certificate(@certificate, @key)
    OpenSSL::SSL::SSLSocket.new(socket, context).tap(&:accept)
  rescue OpenSSL::SSL::SSLError
    raise IOError, "the client does not trust"
  end

  def answer(socket)
    socket.readpartial(10_000)
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK")
    socket.close
  end

  def certificate
    certificate = OpenSSL::X509::Certificate.new
    certificate.version = 2
    certificate.serial = 1
    certificate.subject = certificate.issuer = OpenSSL::X509::Name.parse("/CN=localhost")
    certificate.public_key = @key
    certificate.not_before = Time.now - 60
    certificate.not_after = Time.now + 600
    extensions.each { |extension| certificate.add_extension(extension) }
    certificate.sign(@key, "SHA256")
  end

  def extensions
    [["subjectAltName", "DNS:localhost"], ["basicConstraints", "CA:TRUE", true]].map do |extension|
      OpenSSL::X509::ExtensionFactory.new.create_extension(*extension)
    end
  end
end
