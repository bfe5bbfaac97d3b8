package io.octostore.spring.example;

import io.octostore.spring.CurrentLock;
import io.octostore.spring.SingleRun;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

@Component
public class InvoicesJob {
    private volatile long lastFence;

    @Scheduled(cron = "${invoices.schedule:0 0 3 * * *}")
    @SingleRun(name = "invoices", atLeast = "30s")
    public void sendAll() {
        lastFence = CurrentLock.get().fencingToken();
    }

    public long lastFence() {
        return lastFence;
    }
}
