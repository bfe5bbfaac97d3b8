# frozen_string_literal: true

require_relative "block"
require_relative "followed_watch"
require_relative "given_tokens"
require_relative "lock_requests"
require_relative "protocol"
require_relative "running_election"

module Conformance
  # What the protocol can ask for: one method for each request, with what it was given.
  class Requests
    include LockRequests

    TIMES = {
      ttl_seconds: :ttl,
      wait_seconds: :wait,
      wait_slice_seconds: :wait_slice,
      lock_delay_seconds: :lock_delay,
      min_hold_seconds: :min_hold
    }.freeze

    # @param tell [#call] writes an event
    def initialize(tell)
      @tell = tell
      @things = {}
    end

    def serve(what, given)
      public_send(what, **given)
    end

    # A token of null means none; by default, it is that of the environment.
    def client(as:, base_url: nil, timeout_ms: nil, wait_slice_seconds: nil, token_function: nil, **given)
      given[:token] ||= false if given.key?(:token)
      given[:token] = GivenTokens.new(**token_function) if token_function
      times = { timeout: timeout_ms && (timeout_ms / 1000.0), wait_slice: wait_slice_seconds }
      put(as, Octostore::Client.new(base_url:, **times.compact, **given))
    end

    def health(client:, **)
      @things.fetch(client).health
    end

    def status_counters(client:, **)
      @things.fetch(client).status_counters
    end

    def lock_status(client:, name:)
      @things.fetch(client).lock_status(name)
    end

    def list_locks(client:, prefix: nil, owner: nil, **)
      @things.fetch(client).list_locks(prefix:, owner:)
    end

    def await_lost(timeout_ms:, handle: nil, session: nil)
      thing = @things.fetch(handle || session)
      is_lost = thing.wait_lost(timeout_ms / 1000.0)
      { is_lost:, error: is_lost ? Protocol.loss(thing.loss) : nil }
    end

    def close(handle: nil, session: nil, watch: nil, election: nil)
      @things.fetch(handle || session || watch || election).close
    end

    def elect(as:, client:, name:, fails: nil, **times)
      put(as, RunningElection.new(@things.fetch(client), name, as, @tell, fails:, **seconds(**times)))
    end

    def with_lock(as:, client:, name:, **times)
      put(as, block = Block.new)
      @things.fetch(client).hold(name, **seconds(**times)) { block.run { @tell.call({ event: "inside", of: as }) } }
      nil
    end

    def end_block(block:, fails: nil)
      @things.fetch(block).end(fails)
    end

    def open_session(as:, client:, **times)
      session = @things.fetch(client).open_session(**seconds(**times))
      put(as, session)
      { session_id: session.session_id }
    end

    def create_session(client:, ttl_seconds: nil, **)
      @things.fetch(client).create_session(**seconds(ttl_seconds:))
    end

    def keepalive(client:, session_id:)
      @things.fetch(client).keepalive(session_id)
    end

    def session_status(client:, session_id:)
      @things.fetch(client).session_status(session_id)
    end

    def end_session(client:, session_id:)
      @things.fetch(client).end_session(session_id)
    end

    def watch(as:, client:, name: nil, prefix: nil)
      from = @things.fetch(client)
      put(as, FollowedWatch.new(prefix.nil? ? from.watch(name) : from.watch_prefix(prefix)))
    end

    def next(watch:, timeout_ms:)
      @things.fetch(watch).next(timeout_ms / 1000.0)
    end

    def create_webhook(client:, url:, **options)
      @things.fetch(client).webhooks.create(url:, **options)
    end

    def list_webhooks(client:, **)
      @things.fetch(client).webhooks.list
    end

    def delete_webhook(client:, webhook_id:)
      @things.fetch(client).webhooks.delete(webhook_id)
    end

    def deliveries(client:, webhook_id:)
      @things.fetch(client).webhooks.deliveries(webhook_id)
    end

    def redeliver(client:, webhook_id:, delivery_id:)
      @things.fetch(client).webhooks.redeliver(webhook_id, delivery_id)
    end

    def verify_webhook(secret:, headers:, body:, now_seconds:)
      Octostore.verify_webhook(secret, headers, body, now: now_seconds)
    end

    def rotate_token(client:, **)
      @things.fetch(client).rotate_token
      nil
    end

    def describe(client: nil, handle: nil, session: nil, election: nil)
      @things.fetch(handle || session || election || client).to_s
    end

    def rules
      Octostore::Rules.to_h
    end

    private

    def put(name, thing)
      @things[name] = thing
      nil
    end

    # The options for those times that were given.
    def seconds(**times)
      TIMES.filter_map { |given, option| [option, times[given]] if times[given] }.to_h
    end
  end
end
