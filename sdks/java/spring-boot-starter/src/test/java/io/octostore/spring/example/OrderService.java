package io.octostore.spring.example;

import io.octostore.spring.CurrentLock;
import io.octostore.spring.Locked;
import org.springframework.stereotype.Service;

@Service
public class OrderService {
    @Locked(name = "orders/#{#id}", waitAtMost = "10s", ttl = "30s")
    public String ship(String id) {
        long fence = CurrentLock.get().fencingToken();
        return "order " + id + " is shipped with the fencing token " + fence;
    }
}
