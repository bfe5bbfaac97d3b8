package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.octostore.client.internal.Version;
import io.octostore.conformance.RulesOfTheSdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RulesTest {
    @Test
    void numbersAreThoseOfAllSdks() throws IOException {
        Map<String, Object> rules = new HashMap<>(read("rules.json"));
        rules.putAll(read("rules-real-programs.json"));
        assertEquals(rules, RulesOfTheSdk.byName());
    }

    @Test
    void versionIsThatOfThePackage() throws IOException {
        String project = Files.readString(Path.of("pom.xml"));
        assertTrue(project.contains("<artifactId>octostore-client</artifactId>\n  <version>" + Version.NUMBER));
    }

    private static Map<String, Object> read(String file) throws IOException {
        return JSON.std.mapFrom(Files.readString(Path.of("../conformance", file)));
    }
}
