// Uses the client that openapi-generator (java, native) generates from openapi.yaml.
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.LocksApi;
import org.openapitools.client.api.SessionsApi;
import org.openapitools.client.api.WebhooksApi;
import org.openapitools.client.model.AcquireLockRequest;
import org.openapitools.client.model.CreateSessionRequest;
import org.openapitools.client.model.CreateWebhookRequest;
import org.openapitools.client.model.LockConflict;
import org.openapitools.client.model.LockHeld;
import org.openapitools.client.model.LockNotHeld;
import org.openapitools.client.model.ReleaseLockRequest;
import org.openapitools.client.model.RenewLockRequest;

final class Use {
  private static final String NAME = "generators/java";

  private static ApiClient clientOf(String token) {
    var client = new ApiClient();
    client.updateBaseUri(System.getenv("OCTOSTORE_BASE_URL"));
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    return client;
  }

  private static void must(boolean holds, String what) {
    if (!holds) throw new AssertionError(what);
  }

  public static void main(String[] arguments) throws Exception {
    var client = clientOf(System.getenv("OCTOSTORE_TOKEN"));
    var alice = new LocksApi(client);
    var bob = new LocksApi(clientOf(System.getenv("OCTOSTORE_OTHER_TOKEN")));
    var sessions = new SessionsApi(client);

    var session = sessions.createSession(new CreateSessionRequest());
    var granted =
        alice.acquireLock(NAME, new AcquireLockRequest().ttlSeconds(60).sessionId(session.getSessionId()));
    var leaseId = granted.getLeaseId();

    try {
      bob.acquireLock(NAME, new AcquireLockRequest().ttlSeconds(60));
      throw new AssertionError("a conflict");
    } catch (ApiException conflict) {
      must(conflict.getCode() == 409, "the status of a conflict");
      var body = ApiClient.createDefaultObjectMapper().readValue(conflict.getResponseBody(), LockConflict.class);
      must(body.getRetryAfterMs() > 0, "when to ask again");
    }

    var renewed = alice.renewLock(NAME, new RenewLockRequest().leaseId(leaseId).ttlSeconds(120));
    must(renewed.getFencingToken().equals(granted.getFencingToken()), "the token stays");

    must(alice.getLock(NAME).getActualInstance() instanceof LockHeld held && leaseId.equals(held.getLeaseId()), "held");
    must(alice.listLocks("generators/", "me", 10, null).getLocks().size() == 1, "list");

    alice.releaseLock(NAME, new ReleaseLockRequest().leaseId(leaseId));
    must(alice.getLock(NAME).getActualInstance() instanceof LockNotHeld, "available");

    must(sessions.keepSessionAlive(session.getSessionId()).getExpiresAt() != null, "keepalive");
    sessions.terminateSession(session.getSessionId());

    var url = "https://example.com/hooks";
    var webhook = new WebhooksApi(client).createWebhook(new CreateWebhookRequest().url(url));
    must(webhook.getActive(), "a webhook");
  }
}
