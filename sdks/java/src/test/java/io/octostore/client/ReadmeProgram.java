package io.octostore.client;

/** Plays an example of the README as the main program of a JVM, which can be terminated. */
public final class ReadmeProgram {
    static final String SERVING = "serving";

    private ReadmeProgram() {}

    public static void main(String[] args) throws Exception {
        Class<?> example = Class.forName(args[0]);
        ReadmeStage stage = (ReadmeStage) example.getConstructor().newInstance();
        stage.onServing(() -> System.out.println(SERVING));
        stage.play();
    }
}
