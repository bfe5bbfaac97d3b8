// Uses the client that oapi-codegen generates from openapi.yaml. It is the package api beside this file.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"octostore.test/use/api"
)

const name = "generators/go"

func clientOf(token string) *api.ClientWithResponses {
	authorize := func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
	client, err := api.NewClientWithResponses(os.Getenv("OCTOSTORE_BASE_URL"), api.WithRequestEditorFn(authorize))
	must(err == nil, "the client")
	return client
}

func must(holds bool, what string) {
	if !holds {
		log.Fatal(what)
	}
}

func main() {
	ctx := context.Background()
	alice := clientOf(os.Getenv("OCTOSTORE_TOKEN"))
	bob := clientOf(os.Getenv("OCTOSTORE_OTHER_TOKEN"))

	session, err := alice.CreateSessionWithResponse(ctx, api.CreateSessionRequest{})
	must(err == nil && session.JSON201 != nil, "a session")
	sessionID := session.JSON201.SessionId

	granted, err := alice.AcquireLockWithResponse(ctx, name, api.AcquireLockRequest{TtlSeconds: 60, SessionId: &sessionID})
	must(err == nil && granted.JSON200 != nil, "acquire")
	leaseID := granted.JSON200.LeaseId

	conflict, err := bob.AcquireLockWithResponse(ctx, name, api.AcquireLockRequest{TtlSeconds: 60})
	must(err == nil && conflict.JSON409 != nil, "a conflict")
	must(conflict.JSON409.Code == "lock_held" && conflict.JSON409.RetryAfterMs > 0, "what the conflict says")

	renewed, err := alice.RenewLockWithResponse(ctx, name, api.RenewLockRequest{LeaseId: leaseID, TtlSeconds: 120})
	must(err == nil && renewed.JSON200 != nil, "renew")
	must(renewed.JSON200.FencingToken == granted.JSON200.FencingToken, "the token stays")

	status, err := alice.GetLockWithResponse(ctx, name)
	must(err == nil && status.JSON200 != nil, "status")
	value, err := status.JSON200.ValueByDiscriminator()
	held, isHeld := value.(api.LockHeld)
	must(err == nil && isHeld && held.LeaseId != nil && *held.LeaseId == leaseID, "held")

	prefix := "generators/"
	list, err := alice.ListLocksWithResponse(ctx, &api.ListLocksParams{Prefix: &prefix})
	must(err == nil && list.JSON200 != nil && len(list.JSON200.Locks) == 1, "list")

	released, err := alice.ReleaseLockWithResponse(ctx, name, api.ReleaseLockRequest{LeaseId: leaseID})
	must(err == nil && released.JSON200 != nil, "release")
	status, err = alice.GetLockWithResponse(ctx, name)
	must(err == nil && status.JSON200 != nil, "status after release")
	value, err = status.JSON200.ValueByDiscriminator()
	_, isFree := value.(api.LockNotHeld)
	must(err == nil && isFree, "available")

	ended, err := alice.TerminateSessionWithResponse(ctx, sessionID)
	must(err == nil && ended.StatusCode() == http.StatusNoContent, "the end of the session")

	webhook, err := alice.CreateWebhookWithResponse(ctx, api.CreateWebhookRequest{Url: "https://example.com/hooks"})
	must(err == nil && webhook.JSON201 != nil, "a webhook")

	refused, err := clientOf("not-a-token").ListLocksWithResponse(ctx, nil)
	must(err == nil && refused.JSON401 != nil && refused.JSON401.Code == "unauthorized", "a refusal")
}
