# frozen_string_literal: true

require_relative "helper"

class SecrecyTest < OctostoreTest
  TOKEN = "pa55word"

  def test_no_object_shows_the_token
    client = client(token: TOKEN)
    client.instance_variables.each do |name|
      refute_includes client.instance_variable_get(name).inspect, TOKEN
    end
    refute_includes client.inspect, TOKEN
    refute_includes client.watch("a").inspect, TOKEN
  end

  def test_without_a_token_nothing_is_sent_that_needs_one
    url = misbehaving { flunk }
    client = client(base_url: url, token: false)
    calls = [-> { client.hold("a") }, -> { client.watch("a").first }, -> { client.rotate_token }]
    calls.each do |call|
      assert_match(/OCTOSTORE_TOKEN/, assert_raises(Octostore::AuthenticationError, &call).message)
    end
    assert_equal "OK", client(token: false).health
  end

  def test_no_error_shows_what_a_proxy_says
    answers = ["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n<#{TOKEN}>", "#{TOKEN} nonsense\r\n\r\n",
               "HTTP/1.1 200 OK\r\n#{TOKEN}\r\n\r\n", "HTTP/1.1 418 #{TOKEN}\r\n\r\n#{TOKEN}"]
    answers.each do |answer|
      url = misbehaving do |socket|
        socket.readpartial(10_000)
        socket.write(answer)
      end
      error = assert_raises(Octostore::Error) { client(base_url: url, token: TOKEN).create_session }
      refute_includes "#{error.full_message} #{error.inspect} #{error.cause&.full_message}", TOKEN
    end
  end
end
