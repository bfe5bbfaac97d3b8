package io.octostore.spring.example;

import io.octostore.spring.LeadershipGained;
import io.octostore.spring.LeadershipLost;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
public class Scheduler {
    private volatile String state = "follows";

    @EventListener
    public void begin(LeadershipGained event) {
        state = "leads with the fencing token " + event.lock().fencingToken();
    }

    @EventListener
    public void end(LeadershipLost event) {
        state = "follows";
    }

    public String state() {
        return state;
    }
}
