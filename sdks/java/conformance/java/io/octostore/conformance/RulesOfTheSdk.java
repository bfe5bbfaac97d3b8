package io.octostore.conformance;

import io.octostore.client.internal.Rules;
import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The SDK's numbers, by the names that {@code rules.json} has for them. */
public final class RulesOfTheSdk {
    private RulesOfTheSdk() {}

    public static Map<String, Object> byName() {
        Map<String, Object> rules = new LinkedHashMap<>();
        try {
            for (Field rule : Rules.class.getFields()) {
                rules.put(rule.getName().toLowerCase(Locale.ROOT), rule.get(null));
            }
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
        return rules;
    }
}
