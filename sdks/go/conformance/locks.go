package main

import (
	"context"

	"octostore.io/go/octostore"
)

func (d *driver) acquireAll(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).AcquireAll(ctx, r.Locks, r.acquireOptions())
}

func (d *driver) breakLock(ctx context.Context, r request) (any, error) {
	options := octostore.BreakOptions{Reason: r.Reason, FencingToken: r.FencingToken}
	return d.clients.get(r.Client).BreakLock(ctx, r.Name, options)
}

func (d *driver) requestRelease(ctx context.Context, r request) (any, error) {
	return nil, d.clients.get(r.Client).RequestRelease(ctx, r.Name, r.Message)
}

func (d *driver) queue(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).Queue(ctx, r.Name)
}

func (d *driver) leaveQueue(ctx context.Context, r request) (any, error) {
	return nil, d.clients.get(r.Client).LeaveQueue(ctx, r.Name, r.LeaseID)
}

func (d *driver) advanceFence(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).AdvanceFence(ctx, r.Name, r.FencingToken)
}

func (d *driver) checkFence(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).CheckFence(ctx, r.Name, r.FencingToken)
}

func (d *driver) fence(ctx context.Context, r request) (any, error) {
	return d.clients.get(r.Client).Fence(ctx, r.Name)
}

// acquireOptions are those of a request.
func (r request) acquireOptions() octostore.AcquireOptions {
	return octostore.AcquireOptions{
		TTL:       r.ttl(),
		Wait:      r.wait(),
		WaitSlice: r.waitSlice(),
		Metadata:  r.Metadata,
		Mode:      r.Mode,
		Limit:     r.Limit,
		Permits:   r.Permits,
		LockDelay: seconds(r.LockDelay),
		MinHold:   seconds(r.MinHold),
		Proof:     r.Proof,
		SessionID: r.SessionID,
		LeaseID:   r.LeaseID,
	}
}
