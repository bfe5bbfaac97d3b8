package io.octostore.conformance;

/** An error of the program that uses the SDK: of the leader's function, or of a block. */
final class ProgramException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProgramException(String message) {
        super(message);
    }
}
