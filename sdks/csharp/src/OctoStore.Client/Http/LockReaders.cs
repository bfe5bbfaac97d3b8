using System;
using System.Collections.Generic;
using System.Linq;

namespace OctoStore;

/// <summary>Each method reads one kind of object about locks from the server. Servers of version 1.0 show no mode.</summary>
internal static class LockReaders
{
    public static Lease Lease(Fields fields)
    {
        LeaseLock own = LeaseLock(fields);
        return new Lease
        {
            ExistedBefore = ExistedBefore(fields),
            Name = own.Name,
            LeaseId = fields.Text("lease_id"),
            FencingToken = fields.Number("fencing_token"),
            ExpiresAt = fields.Date("expires_at"),
            Holder = fields.Text("holder"),
            HolderId = fields.Text("holder_id"),
            Metadata = fields.TextOrNull("metadata"),
            Mode = own.Mode,
            Limit = own.Limit,
            Permits = own.Permits,
            Slots = own.Slots,
            Proof = fields.TextOrNull("proof"),
            ReleaseRequested = ReleaseRequest(fields),
            // Only if there are several.
            Locks = fields.Has("locks") ? fields.Objects("locks", LeaseLock) : [own],
        };
    }

    public static WholeLease WholeLease(Fields fields) => new()
    {
        ExistedBefore = ExistedBefore(fields),
        LeaseId = fields.Text("lease_id"),
        FencingToken = fields.Number("fencing_token"),
        ExpiresAt = fields.Date("expires_at"),
        Holder = fields.Text("holder"),
        HolderId = fields.Text("holder_id"),
        Metadata = fields.TextOrNull("metadata"),
        Proof = fields.TextOrNull("proof"),
        ReleaseRequested = ReleaseRequest(fields),
        Locks = fields.Objects("locks", LeaseLock) is { Count: > 0 } locks ? locks : throw new FormatException("no lock"),
        SessionId = fields.TextOrNull("session_id"),
    };

    public static HeldLock HeldLock(Fields fields) => new()
    {
        Name = fields.Text("name"),
        LeaseId = fields.TextOrNull("lease_id"),
        FencingToken = fields.Number("fencing_token"),
        ExpiresAt = fields.Date("expires_at"),
        Holder = fields.Text("holder"),
        HolderId = fields.Text("holder_id"),
        Metadata = fields.TextOrNull("metadata"),
        Mode = Mode(fields),
        Limit = Count(fields, "limit"),
        Permits = Count(fields, "permits"),
        Slots = Slots(fields),
    };

    public static LockStatus LockStatus(Fields fields) =>
        fields.OneOf("status", ("held", "held"), ("available", "available"), ("delayed", "delayed")) switch
        {
            "held" => HeldStatus(fields, HeldLock(fields)),
            "delayed" => FreeStatus(fields) with { AvailableAt = fields.Date("available_at") },
            _ => FreeStatus(fields),
        };

    public static LockQueue LockQueue(Fields fields) => new()
    {
        Name = fields.Text("name"),
        Waiters = fields.Number("waiters"),
        Total = fields.Number("total"),
        Places = fields.Objects("queue", QueuePlace),
    };

    public static LockBreak LockBreak(Fields fields) => new()
    {
        Name = fields.Text("name"),
        LeaseCount = fields.Number("lease_count"),
        FencingTokens = fields.Numbers("fencing_tokens"),
        EndedDelay = fields.Flag("ended_delay"),
    };

    public static Fence Fence(Fields fields) =>
        new() { Name = fields.Text("name"), Highest = fields.Number("highest") };

    private static LockStatus HeldStatus(Fields fields, HeldLock held)
    {
        // Servers of version 1.0 have only exclusive locks, and show no other holders.
        IReadOnlyList<LockHolder> holders = fields.Has("holders")
            ? fields.Objects("holders", LockHolder)
            : [LockHolder(fields)];
        return FreeStatus(fields) with
        {
            Held = held,
            HolderCount = fields.NumberOrNull("holder_count") ?? holders.Count,
            Holders = holders,
            PermitsInUse = Count(fields, "permits_in_use"),
        };
    }

    private static LockStatus FreeStatus(Fields fields) => new()
    {
        Name = fields.Text("name"),
        FencingToken = fields.Number("fencing_token"),
        Waiters = fields.Number("waiters"),
        Held = null,
    };

    private static LockHolder LockHolder(Fields fields) => new()
    {
        LeaseId = fields.TextOrNull("lease_id"),
        FencingToken = fields.Number("fencing_token"),
        ExpiresAt = fields.Date("expires_at"),
        Holder = fields.Text("holder"),
        HolderId = fields.Text("holder_id"),
        Metadata = fields.TextOrNull("metadata"),
        Slots = Slots(fields),
    };

    private static LeaseLock LeaseLock(Fields fields) => new()
    {
        Name = fields.Text("name"),
        Mode = Mode(fields),
        Limit = Count(fields, "limit"),
        Permits = Count(fields, "permits"),
        Slots = Slots(fields),
    };

    private static QueuePlace QueuePlace(Fields fields) => new()
    {
        Position = fields.Number("position"),
        Holder = fields.Text("holder"),
        HolderId = fields.Text("holder_id"),
        Since = fields.Date("since"),
        Mode = Mode(fields),
        Limit = Count(fields, "limit"),
        Permits = Count(fields, "permits"),
        IsAsking = fields.Flag("asking"),
        LeaseId = fields.TextOrNull("lease_id"),
    };

    private static ReleaseRequest? ReleaseRequest(Fields fields)
    {
        if (!fields.Has("release_requested")) return null;
        Fields request = fields.Object("release_requested");
        return new ReleaseRequest
        {
            By = request.Text("by"),
            Message = request.TextOrNull("message"),
            At = request.Date("at"),
        };
    }

    private static bool ExistedBefore(Fields fields) => fields.OneOf("status", ("acquired", false), ("held", true));

    private static LockMode Mode(Fields fields) => fields.Has("mode")
        ? fields.OneOf(
            "mode", ("exclusive", LockMode.Exclusive), ("shared", LockMode.Shared), ("counted", LockMode.Counted))
        : LockMode.Exclusive;

    private static IReadOnlyList<int> Slots(Fields fields) =>
        fields.Has("slots") ? fields.Numbers("slots").Select(slot => (int)slot).ToArray() : [];

    private static int? Count(Fields fields, string name) => (int?)fields.NumberOrNull(name);
}
