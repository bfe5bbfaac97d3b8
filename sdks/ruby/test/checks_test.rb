# frozen_string_literal: true

require_relative "helper"

class ChecksTest < OctostoreTest
  def test_names
    ["a", "a/b.c/-_", "#{"a" * 64}/b", "...", (["a" * 50] * 5).join("/")].each do |name|
      assert_equal name, Octostore::Checks.name(name)
    end
  end

  def test_no_names
    long = (["a" * 51] * 5).join("/")
    bad = ["", "/", "a/", "/a", "a//b", ".", "a/..", "a b", "a\n", "a\nb", "ä", "a" * 65, long, :a, nil, "a\xFF"]
    bad.each do |name|
      assert_raises(Octostore::ValidationError, name.inspect) { Octostore::Checks.name(name) }
    end
  end

  def test_ttls
    [1, 3600, 60.0, 60r].each { |ttl| assert_equal ttl.to_i, Octostore::Checks.ttl(ttl) }
    [0, 3601, 1.5, -1, Float::NAN, Float::INFINITY, nil, "60", 1i].each do |ttl|
      assert_raises(Octostore::ValidationError, ttl.inspect) { Octostore::Checks.ttl(ttl) }
    end
  end

  def test_waits
    [0, 0.5, 1_000_000, Float::INFINITY].each { |wait| assert_equal wait, Octostore::Checks.wait(wait) }
    [-1, Float::NAN, nil, "1"].each do |wait|
      assert_raises(Octostore::ValidationError, wait.inspect) { Octostore::Checks.wait(wait) }
    end
  end

  def test_wait_slices
    [1, 25, 60].each { |slice| assert_equal slice, Octostore::Checks.wait_slice(slice) }
    [0, 61, 1.5, nil].each do |slice|
      assert_raises(Octostore::ValidationError, slice.inspect) { Octostore::Checks.wait_slice(slice) }
    end
    assert_raises(Octostore::ValidationError) { client(wait_slice: 0) }
  end

  def test_timeouts
    [0, -1, Float::NAN, "10"].each do |timeout|
      assert_raises(Octostore::ValidationError, timeout.inspect) { Octostore::Checks.timeout(timeout) }
    end
  end

  def test_base_urls
    {
      "http://a" => "http://a",
      "https://a.b:8443/c//" => "https://a.b:8443/c",
      "http://[::1]:3000/?x=y" => "http://[::1]:3000"
    }.each { |given, shown| assert_equal "#<Octostore::Client #{shown}>", client(base_url: given).to_s }
  end

  def test_no_base_urls
    bad = ["ftp://a", "a", "http://", "http:///a", "http://a b", "http://me:pa55word@a", "http://pa55word@a/b c"]
    bad.each do |url|
      error = assert_raises(Octostore::ValidationError, url) { client(base_url: url) }
      refute_includes error.full_message, "pa55word"
    end
  end

  def test_no_tokens
    ["", "pa55word\n", "pa55word x", "pa55wörd"].each do |token|
      error = assert_raises(Octostore::ValidationError) { client(token:) }
      refute_match(/pa55w/, error.full_message)
    end
  end
end
