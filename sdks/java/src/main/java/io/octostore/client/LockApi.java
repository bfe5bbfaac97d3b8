package io.octostore.client;

import io.octostore.client.internal.Attempt;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Fields;
import io.octostore.client.internal.LockReaders;
import io.octostore.client.internal.Readers;
import io.octostore.client.internal.Repeat;
import io.octostore.client.internal.Request;
import io.octostore.client.model.HeldLock;
import io.octostore.client.model.LockBreak;
import io.octostore.client.model.LockQueue;
import io.octostore.client.model.LockStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The routes of locks and their lines, apart from those of leases. */
final class LockApi {
    private final Caller caller;

    LockApi(Caller caller) {
        this.caller = caller;
    }

    LockStatus status(String name) {
        Checks.name(name);
        return caller.call(Attempt.of(Request.get(path(name)), LockReaders::lockStatus), Repeat.SAFE);
    }

    /** All locks, from every page. */
    List<HeldLock> list(ListOptions options) {
        List<HeldLock> locks = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            Page page =
                    caller.call(Attempt.of(Request.get("/locks" + query(options, cursor)), Page::read), Repeat.SAFE);
            locks.addAll(page.locks());
            cursor = page.nextCursor();
        } while (cursor.isPresent());
        return List.copyOf(locks);
    }

    void requestRelease(String name, Optional<String> message) {
        Checks.name(name);
        Map<String, Object> body = new HashMap<>();
        message.ifPresent(text -> body.put("message", text));
        Request request = Request.post(path(name) + "/request-release", body);
        caller.call(Attempt.of(request, LockApi::status), Repeat.SAFE);
    }

    /** Not sent again once it has been sent, because someone else could hold the lock by then. */
    LockBreak breakLock(String name, String reason, OptionalLong fencingToken) {
        Checks.name(name);
        Map<String, Object> body = new HashMap<>(Map.of("reason", reason));
        fencingToken.ifPresent(token -> body.put("fencing_token", Checks.fencingToken(token)));
        Request request = Request.post(path(name) + "/break", body);
        return caller.call(Attempt.of(request, Readers::lockBreak), Repeat.UNSENT);
    }

    LockQueue queue(String name) {
        Checks.name(name);
        return caller.call(Attempt.of(Request.get(queuePath(name)), Readers::lockQueue), Repeat.SAFE);
    }

    void leaveQueue(String name, String leaseId) {
        Checks.name(name);
        Request request = Request.delete(queuePath(name) + "/" + Request.encoded(leaseId));
        caller.call(Attempt.of(request, LockApi::status), Repeat.UNTIL_GONE);
    }

    /** Encodes the whole name, so that a lock named {@code a/watch} is not mistaken for a watch of {@code a}. */
    static String path(String name) {
        return "/locks/" + Request.encoded(name);
    }

    private static String queuePath(String name) {
        return "/queues/" + Request.encoded(name);
    }

    private static String query(ListOptions options, Optional<String> cursor) {
        List<String> parameters = new ArrayList<>();
        options.prefix().ifPresent(prefix -> parameters.add("prefix=" + Request.encoded(prefix)));
        if (options.ownOnly()) parameters.add("owner=me");
        cursor.ifPresent(at -> parameters.add("cursor=" + Request.encoded(at)));
        return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    }

    private static Void status(Fields answer) {
        answer.text("status");
        return null;
    }

    /** A page of a list. */
    private record Page(List<HeldLock> locks, Optional<String> nextCursor) {
        static Page read(Fields fields) {
            return new Page(fields.objects("locks", LockReaders::heldLock), fields.optionalText("next_cursor"));
        }
    }
}
