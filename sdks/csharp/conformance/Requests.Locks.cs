using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace OctoStore.Conformance;

/// <content>What it can ask for about locks and their handles.</content>
internal sealed partial class Requests
{
    private static AcquireOptions Acquire(Given given) => new()
    {
        Mode = given.Mode,
        Limit = given.Count("limit"),
        Permits = given.Count("permits"),
        LockDelay = given.Seconds("lock_delay_seconds"),
        MinHold = given.Seconds("min_hold_seconds"),
        WantsProof = given.Flag("proof"),
        Ttl = given.Ttl!.Value,
        Wait = given.Seconds("wait_seconds") ?? TimeSpan.Zero,
        WaitSlice = given.Seconds("wait_slice_seconds"),
        Metadata = given.TextOrNull("metadata"),
        SessionId = given.TextOrNull("session_id"),
        LeaseId = given.TextOrNull("lease_id"),
    };

    private async Task<JsonNode?> HoldAsync(Given given)
    {
        LockHandle handle = await Client(given).HoldAsync(given.Text("name"), Hold(given));
        return Shapes.Grant(_handles.Put(given.Text("as"), handle));
    }

    private async Task<JsonNode?> HoldAllAsync(Given given)
    {
        LockHandle handle = await Client(given).HoldAllAsync(Kinds.Locks(given), HoldAll(given));
        return Shapes.Grant(_handles.Put(given.Text("as"), handle));
    }

    private HoldAllOptions HoldAll(Given given)
    {
        var defaults = new HoldAllOptions();
        return new HoldAllOptions
        {
            Ttl = given.Ttl ?? defaults.Ttl,
            Wait = given.Seconds("wait_seconds") ?? defaults.Wait,
            WaitSlice = given.Seconds("wait_slice_seconds"),
            Metadata = given.TextOrNull("metadata"),
            Session = given.TextOrNull("session") is { } session ? _sessions.Get(session) : null,
            LockDelay = given.Seconds("lock_delay_seconds"),
            MinHold = given.Seconds("min_hold_seconds"),
            WantsProof = given.Flag("proof"),
            OnReleaseRequested = TellOfRequest(given),
        };
    }

    private Action<ILockHandle, ReleaseRequest> TellOfRequest(Given given)
    {
        string name = given.Text("as");
        return (_, request) => _tell(new JsonObject
        {
            ["event"] = "release_requested",
            ["of"] = name,
            ["by"] = request.By,
            ["message"] = request.Message,
        });
    }

    private async Task<JsonNode?> ConvertAsync(Given given)
    {
        LockHandle handle = _handles.Get(given.Text("handle"));
        await handle.ConvertAsync(given.Mode!.Value, given.TextOrNull("name"));
        return Shapes.Grant(handle);
    }

    private HoldOptions Hold(Given given)
    {
        var defaults = new HoldOptions();
        return new HoldOptions
        {
            Mode = given.Mode,
            Limit = given.Count("limit"),
            Permits = given.Count("permits"),
            LockDelay = given.Seconds("lock_delay_seconds"),
            MinHold = given.Seconds("min_hold_seconds"),
            WantsProof = given.Flag("proof"),
            OnReleaseRequested = TellOfRequest(given),
            Ttl = given.Ttl ?? defaults.Ttl,
            Wait = given.Seconds("wait_seconds") ?? defaults.Wait,
            WaitSlice = given.Seconds("wait_slice_seconds"),
            Metadata = given.TextOrNull("metadata"),
            Session = given.TextOrNull("session") is { } session ? _sessions.Get(session) : null,
        };
    }
}
