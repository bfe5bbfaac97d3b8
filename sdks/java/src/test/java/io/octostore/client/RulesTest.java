package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.octostore.client.internal.Version;
import io.octostore.conformance.RulesOfTheSdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RulesTest {
    @Test
    void numbersAreThoseOfAllSdks() throws IOException {
        String rules = Files.readString(Path.of("../conformance/rules.json"));
        assertEquals(JSON.std.mapFrom(rules), RulesOfTheSdk.byName());
    }

    @Test
    void versionIsThatOfThePackage() throws IOException {
        String project = Files.readString(Path.of("pom.xml"));
        assertTrue(project.contains("<artifactId>octostore-client</artifactId>\n  <version>" + Version.NUMBER));
    }
}
