package io.octostore.client.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a lease holds a lock, or a place wants to.
 *
 * @param limit 0 unless it is counted
 * @param permits 0 unless it is counted
 * @param slots empty unless it is counted and held
 */
record Hold(String name, String mode, int limit, int permits, List<Integer> slots) {
    static final String EXCLUSIVE = "exclusive";
    static final String SHARED = "shared";
    static final String COUNTED = "counted";

    Hold withMode(String other) {
        return new Hold(name, other, limit, permits, slots);
    }

    Hold withSlots(List<Integer> others) {
        return new Hold(name, mode, limit, permits, others);
    }

    boolean isCounted() {
        return limit > 0;
    }

    /** Whether this fits beside the holds of other leases. */
    boolean fits(List<Hold> others) {
        if (isCounted()) {
            int used = others.stream().mapToInt(Hold::permits).sum();
            return others.stream().allMatch(other -> other.limit == limit) && used + permits <= limit;
        }
        return others.isEmpty()
                || (mode.equals(SHARED) && others.stream().allMatch(other -> other.mode.equals(SHARED)));
    }

    Map<String, Object> json() {
        Map<String, Object> json = new HashMap<>(Map.of("name", name, "mode", mode));
        if (isCounted()) json.putAll(Map.of("limit", limit, "permits", permits, "slots", slots));
        return json;
    }
}
