# frozen_string_literal: true

require_relative "protocol"

module Conformance
  # The requests about locks, lock handles, lines and fences.
  module LockRequests
    def acquire(client:, name:, **given)
      @things.fetch(client).acquire(name, **demand(given), **wishes(given), **given.slice(:lease_id, :session_id))
    end

    def acquire_all(client:, locks:, **given)
      @things.fetch(client).acquire_all(locks, **wishes(given), **given.slice(:lease_id, :session_id))
    end

    def renew(client:, name:, lease_id:, ttl_seconds:)
      @things.fetch(client).renew(name, lease_id, ttl: ttl_seconds)
    end

    def release(client:, name:, lease_id:)
      @things.fetch(client).release(name, lease_id)
    end

    def hold(as:, client:, name:, session: nil, **given)
      session &&= @things.fetch(session)
      put_lock(as, @things.fetch(client).hold(name, session:, **demand(given), **wishes(given)))
    end

    def hold_all(as:, client:, locks:, session: nil, **given)
      session &&= @things.fetch(session)
      put_lock(as, @things.fetch(client).hold_all(locks, session:, **wishes(given)))
    end

    def handle(handle:, **)
      Protocol.lock(@things.fetch(handle))
    end

    def convert(handle:, mode:, name: nil, **)
      lock = @things.fetch(handle)
      lock.convert(mode, name:)
      facts(lock)
    end

    def break(client:, name:, reason:, fencing_token: nil)
      @things.fetch(client).break_lock(name, reason:, fencing_token:)
    end

    def request_release(client:, name:, message: nil)
      @things.fetch(client).request_release(name, message:)
    end

    def queue(client:, name:)
      @things.fetch(client).queue(name)
    end

    def leave_queue(client:, name:, lease_id:)
      @things.fetch(client).leave_queue(name, lease_id)
    end

    def advance_fence(client:, name:, fencing_token:)
      @things.fetch(client).fences.advance(name, fencing_token)
    end

    def check_fence(client:, name:, fencing_token:)
      @things.fetch(client).fences.check(name, fencing_token)
    end

    def fence(client:, name:)
      @things.fetch(client).fences.get(name)
    end

    private

    # How to hold a lock.
    def demand(given)
      given.slice(:mode, :limit, :permits)
    end

    # What a lease is to be like.
    def wishes(given)
      { **given.slice(:metadata, :proof), **seconds(**given) }
    end

    # Names a handle, and reports the requests to release its locks.
    def put_lock(name, lock)
      lock.on_release_requested do |request|
        @tell.call({ event: "release_requested", of: name, by: request.by, message: request.message })
      end
      put(name, lock)
      facts(lock)
    end

    def facts(lock)
      { lease_id: lock.lease_id, fencing_token: lock.fencing_token, locks: lock.locks }
    end
  end
end
