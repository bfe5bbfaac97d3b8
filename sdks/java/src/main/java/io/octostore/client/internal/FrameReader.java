package io.octostore.client.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Assembles the frames of an event stream from its lines. */
final class FrameReader {
    private String event = "";
    private Optional<String> id = Optional.empty();
    private final List<String> data = new ArrayList<>();

    /** The frame that this line completes, if any. */
    Optional<Frame> read(String line) {
        if (line.isEmpty()) return complete();
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        take(field, value.startsWith(" ") ? value.substring(1) : value);
        return Optional.empty();
    }

    private void take(String field, String value) {
        switch (field) {
            case "event" -> event = value;
            case "id" -> id = Optional.of(value);
            case "data" -> data.add(value);
            default -> {} // A comment, or a field that means nothing here.
        }
    }

    private Optional<Frame> complete() {
        Frame frame = new Frame(event.isEmpty() ? "message" : event, id, String.join("\n", data));
        boolean isEmpty = data.isEmpty();
        event = "";
        id = Optional.empty();
        data.clear();
        return isEmpty ? Optional.empty() : Optional.of(frame);
    }
}
