package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.error.CallInterruptedException;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Compiles the examples of the README as they stand there, and plays them against the server. */
@Execution(ExecutionMode.SAME_THREAD)
class ReadmeTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static final Pattern EXITS = Pattern.compile("releaseOnExit|addShutdownHook");

    @TempDir
    Path folder;

    @TestFactory
    List<DynamicTest> examplesCompileAndRun() throws Exception {
        List<String> examples = EXAMPLE.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertFalse(examples.isEmpty());
        List<DynamicTest> tests = new ArrayList<>();
        for (String example : examples) {
            String name = "Example" + (tests.size() + 1);
            tests.add(DynamicTest.dynamicTest(name, () -> play(name, example)));
        }
        return tests;
    }

    private void play(String name, String example) throws Exception {
        ReadmeStage compiled = compiled(name, example);
        if (EXITS.matcher(example).find()) terminate(name);
        else play(example, compiled);
    }

    /** Plays an example that leaves no lock behind when it is terminated. */
    private void terminate(String name) throws Exception {
        String classPath = folder + File.pathSeparator + System.getProperty("java.class.path");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process program = new ProcessBuilder(java, "-cp", classPath, ReadmeProgram.class.getName(), name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertTrue(program.inputReader().lines().anyMatch(ReadmeProgram.SERVING::equals));
            assertTrue(TestServer.isHeld("billing/export"));
            program.destroy();
            program.waitFor();
            assertFalse(TestServer.isHeld("billing/export"));
        } finally {
            program.destroyForcibly();
        }
    }

    private static void play(String example, ReadmeStage compiled) throws Exception {
        if (!example.contains(".watch")) {
            compiled.play();
            assertTrue(compiled.hasWholeSpans());
            return;
        }
        // Something must happen meanwhile that can be seen.
        Thread business = new Thread(ReadmeTest::makeBusiness);
        business.start();
        compiled.play();
        business.interrupt();
        business.join();
    }

    private static void makeBusiness() {
        OctoStoreClient client = TestServer.otherClient();
        try {
            while (true) client.hold("billing/daily", HoldOptions.defaults()).close();
        } catch (CallInterruptedException over) {
            // The example has seen enough.
        }
    }

    private ReadmeStage compiled(String name, String example) throws Exception {
        Path source = Files.writeString(folder.resolve(name + ".java"), sourceOf(name, example));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        List<String> options =
                List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path"), "--release", "17");
        boolean isCompiled = compiler.getTask(
                        complaints,
                        null,
                        null,
                        options,
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertEquals("", complaints.toString());
        assertEquals(true, isCompiled);
        return loaded(name);
    }

    private ReadmeStage loaded(String name) throws ReflectiveOperationException, IOException {
        URL[] classes = {folder.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            return (ReadmeStage) loader.loadClass(name).getConstructor().newInstance();
        }
    }

    private static String sourceOf(String name, String example) {
        return imports(example)
                + "public final class " + name + " extends io.octostore.client.ReadmeStage {\n"
                + "@Override public void play() throws Exception {\n"
                + statements(example)
                + "}\n}\n";
    }

    private static String imports(String example) {
        return example.lines().filter(ReadmeTest::isImport).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String statements(String example) {
        return example.lines()
                .filter(line -> !isImport(line))
                .collect(Collectors.joining("\n", "", "\n"))
                .replace("http://localhost:3000", TestServer.url())
                .replace("octo_...", TestServer.token());
    }

    private static boolean isImport(String line) {
        return line.startsWith("import ");
    }
}
