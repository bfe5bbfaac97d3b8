package io.octostore.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the client logs while this is open. */
final class Logged extends Handler implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger("io.octostore.client");

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    Logged() {
        LOGGER.addHandler(this);
    }

    boolean hasWarningAbout(String name) {
        return records.stream().anyMatch(record -> record.getMessage().contains(name));
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
    }
}
