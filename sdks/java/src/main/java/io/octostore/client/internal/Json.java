package io.octostore.client.internal;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Map;

/** JSON as plain maps, lists, strings, numbers and booleans. */
public final class Json {
    private static final JSON MAPPER = JSON.std;

    private Json() {}

    public static String write(Map<String, Object> object) {
        try {
            return MAPPER.asString(object);
        } catch (IOException impossible) {
            throw new IllegalStateException("maps of texts and numbers are always JSON", impossible);
        }
    }

    /** Throws {@link MalformedException} without a cause, since that would quote the text. */
    static Object read(String text) {
        try {
            return MAPPER.anyFrom(text);
        } catch (IOException notJson) {
            throw new MalformedException("not JSON");
        }
    }
}
