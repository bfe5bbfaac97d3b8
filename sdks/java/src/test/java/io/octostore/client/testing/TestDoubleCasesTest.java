package io.octostore.client.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The fake server answers the cases for test doubles as the real server does. */
class TestDoubleCasesTest {
    private static final Path CASES = Path.of("../conformance/test-double-cases.json");

    @TestFactory
    Stream<DynamicTest> answersAsTheServerDoes() throws IOException {
        Map<String, Object> file = JSON.std.mapFrom(Files.readString(CASES));
        return listOf(file.get("cases"))
                .map(one -> mapOf(one))
                .map(one -> DynamicTest.dynamicTest(String.valueOf(one.get("name")), () -> run(one)));
    }

    private static void run(Map<String, Object> one) throws Exception {
        CaseRun run = new CaseRun(new FakeOctoStore());
        for (Object step : listOf(one.get("steps")).toList()) runStep(run, mapOf(step));
    }

    private static void runStep(CaseRun run, Map<String, Object> step) throws Exception {
        if (step.get("pass_seconds") instanceof Number seconds) run.pass(seconds.longValue());
        else if (step.get("start") instanceof String name) run.start(name, step);
        else if (step.get("finish") instanceof String name) check(run, run.finish(name), step);
        else if (step.containsKey("until")) check(run, run.askUntil(step), step);
        else check(run, run.ask(step), step);
    }

    private static void check(CaseRun run, CaseRun.Answer answer, Map<String, Object> step) {
        assertEquals(step.get("status"), answer.status(), step + ": " + answer.body());
        assertEquals(Optional.empty(), run.difference(answer, step), step.toString());
        if (step.get("save") instanceof Map<?, ?> save)
            save.forEach((name, field) ->
                    run.save(String.valueOf(name), mapOf(answer.body()).get(field)));
    }

    private static Stream<?> listOf(Object value) {
        if (value instanceof List<?> list) return list.stream();
        throw new IllegalArgumentException("not a list: " + value);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> mapOf(Object value) {
        return (Map<String, Object>) value;
    }
}
