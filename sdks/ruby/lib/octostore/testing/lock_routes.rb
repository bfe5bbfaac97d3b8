# frozen_string_literal: true

require "uri"
require_relative "records"
require_relative "validation"

module Octostore
  module Testing
    # The {Routes} of locks, leases and lines.
    #
    # @api private
    module LockRoutes
      private

      def list(user, _)
        query = URI.decode_www_form(@query.to_s).to_h
        [200, @answers.locks(query["prefix"], query["owner"] && user, user)]
      end

      def status(user, _, name)
        [200, @answers.lock_status(name, user)]
      end

      def change(user, body, name, verb)
        return break_lock(user, body, name) if verb == "break"
        return request_release(user, body, name) if verb == "request-release"

        @law.line.give_up(user, body["lease_id"]) if verb == "release"
        lease = @law.lease(user, body["lease_id"], name)
        hold = lease.hold_of(name)
        @law.convert(lease, hold, body["mode"]) if verb == "convert"
        changed(lease, verb, body, hold)
      end

      # @param hold [Hold, nil] the lock by which the request names the lease
      def changed(lease, verb, body, hold)
        if verb == "release"
          @law.release(lease)
          return [200, { status: "released", message: hold ? "Lock released" : "Lease released" }]
        end

        lease.renew(Validation.ttl(body), @clock.now) if verb == "renew"
        [200, @answers.lease(lease, "held", hold)]
      end

      def break_lock(user, body, name)
        raise Refusal.new(403, "admin_required", "Only operators may do this.") unless @admins.include?(user)

        broken = @law.break(name, by: user, reason: body["reason"], token: body["fencing_token"])
        ended_delay = broken.empty? && !@law.delays.delete(name).nil?
        raise nothing_held if broken.empty? && !ended_delay

        [200, { status: "broken", name:, lease_count: broken.size, fencing_tokens: broken.map(&:token), ended_delay: }]
      end

      def request_release(user, body, name)
        holders = @law.holders(name)
        raise nothing_held if holders.empty?

        request = { by: user, message: body["message"], at: @answers.time(@clock.now) }
        holders.each { |lease| lease.requested = request }
        [200, { status: "release_requested", message: "The holders learn of it when they next renew" }]
      end

      def nothing_held
        Refusal.new(404, "lock_not_found", "No one holds this lock.")
      end

      def lease(user, _, id)
        [200, @answers.lease(@law.lease(user, id), "held")]
      end

      def change_lease(user, body, id, verb = "release")
        @law.line.give_up(user, id) if verb == "release"
        changed(@law.lease(user, id), verb, body, nil)
      end

      def queue(user, _, name)
        [200, @answers.queue(name, user)]
      end

      def leave_queue(user, _, _, id)
        left = @law.line.give_up(user, id)
        raise Refusal.new(404, "place_not_found", "You have no such place in line.") unless left

        [200, { status: "left", message: "You left the line" }]
      end
    end
  end
end
