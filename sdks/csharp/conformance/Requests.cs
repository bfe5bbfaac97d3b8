using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Conformance;

/// <summary>What the protocol can ask for.</summary>
internal sealed partial class Requests
{
    private readonly Action<JsonObject> _tell;
    private readonly Dictionary<string, Func<Given, Task<JsonNode?>>> _requests;
    private readonly Shelf<OctoStoreClient> _clients = new();
    private readonly Shelf<LockHandle> _handles = new();
    private readonly Shelf<SessionHandle> _sessions = new();
    private readonly Shelf<OpenWatch> _watches = new();
    private readonly Shelf<Election> _elections = new();
    private readonly Shelf<TaskCompletionSource> _blocks = new();

    public Requests(Action<JsonObject> tell)
    {
        _tell = tell;
        _requests = new Dictionary<string, Func<Given, Task<JsonNode?>>>
        {
            ["client"] = Do(NewClient),
            ["health"] = async given => await Client(given).GetHealthAsync(),
            ["status_counters"] = async given => Shapes.Counters(await Client(given).GetStatusCountersAsync()),
            ["acquire"] = async given => Shapes.Lease(await Client(given).AcquireAsync(given.Text("name"), Acquire(given))),
            ["renew"] = async given => Shapes.Lease(
                await Client(given).RenewAsync(given.Text("name"), given.Text("lease_id"), given.Ttl!.Value)),
            ["release"] = Do(given => Client(given).ReleaseAsync(given.Text("name"), given.Text("lease_id"))),
            ["lock_status"] = async given => Shapes.Status(await Client(given).GetLockStatusAsync(given.Text("name"))),
            ["list_locks"] = async given => Shapes.List(await Client(given).ListLocksAsync(Listing(given)), Shapes.Held),
            ["hold"] = HoldAsync,
            ["hold_all"] = HoldAllAsync,
            ["acquire_all"] = async given => Shapes.WholeLease(
                await Client(given).AcquireAllAsync(Kinds.Locks(given), Kinds.AcquireAll(given))),
            ["convert"] = ConvertAsync,
            ["break"] = async given =>
                Kinds.Break(await Client(given).BreakLockAsync(
                    given.Text("name"), given.Text("reason"), given.Number("fencing_token"))),
            ["request_release"] = Do(given =>
                Client(given).RequestReleaseAsync(given.Text("name"), given.TextOrNull("message"))),
            ["advance_fence"] = async given => Kinds.Fence(await Client(given).Fences
                .AdvanceAsync(given.Text("name"), given.Number("fencing_token")!.Value)),
            ["check_fence"] = async given => Kinds.Fence(await Client(given).Fences
                .CheckAsync(given.Text("name"), given.Number("fencing_token")!.Value)),
            ["fence"] = async given => Kinds.Fence(await Client(given).Fences.GetAsync(given.Text("name"))),
            ["queue"] = async given => Kinds.Queue(await Client(given).GetQueueAsync(given.Text("name"))),
            ["leave_queue"] = Do(given => Client(given).LeaveQueueAsync(given.Text("name"), given.Text("lease_id"))),
            ["handle"] = given => Task.FromResult<JsonNode?>(Shapes.Handle(_handles.Get(given.Text("handle")))),
            ["await_lost"] = AwaitLostAsync,
            ["close"] = Do(CloseAsync),
            ["elect"] = Do(Elect),
            ["with_lock"] = Do(WithLockAsync),
            ["end_block"] = Do(EndBlock),
            ["open_session"] = OpenSessionAsync,
            ["create_session"] = async given => Shapes.Created(await Client(given).CreateSessionAsync(given.Ttl)),
            ["keepalive"] = async given => Shapes.Kept(await Client(given).KeepaliveAsync(given.Text("session_id"))),
            ["session_status"] = async given =>
                Shapes.Session(await Client(given).GetSessionStatusAsync(given.Text("session_id"))),
            ["end_session"] = Do(given => Client(given).EndSessionAsync(given.Text("session_id"))),
            ["watch"] = Do(Watch),
            ["next"] = async given => await _watches.Get(given.Text("watch")).NextAsync(given.Timeout!.Value),
            ["create_webhook"] = async given => Shapes.Webhook(await Client(given).Webhooks.CreateAsync(NewWebhook(given))),
            ["list_webhooks"] = async given => Shapes.List(await Client(given).Webhooks.ListAsync(), Shapes.Webhook),
            ["delete_webhook"] = Do(given => Client(given).Webhooks.DeleteAsync(given.Text("webhook_id"))),
            ["deliveries"] = async given =>
                Shapes.Page(await Client(given).Webhooks.DeliveriesAsync(given.Text("webhook_id"))),
            ["redeliver"] = async given => Shapes.Delivery(
                await Client(given).Webhooks.RedeliverAsync(given.Text("webhook_id"), given.Text("delivery_id"))),
            ["verify_webhook"] = Do(VerifyWebhook),
            ["rotate_token"] = Do(given => Client(given).RotateTokenAsync()),
            ["describe"] = given => Task.FromResult<JsonNode?>(Described(given).ToString()),
            ["rules"] = given => Task.FromResult<JsonNode?>(Shapes.Rules()),
        };
    }

    public Task<JsonNode?> ServeAsync(Given given) =>
        _requests.TryGetValue(given.Do, out var request)
            ? request(given)
            : throw new InvalidOperationException($"there is no request called {given.Do}");

    private static Func<Given, Task<JsonNode?>> Do(Func<Given, Task> request) => async given =>
    {
        await request(given);
        return null;
    };

    private static Func<Given, Task<JsonNode?>> Do(Action<Given> request) => Do(given =>
    {
        request(given);
        return Task.CompletedTask;
    });

    private static ListOptions Listing(Given given) =>
        new() { Prefix = given.TextOrNull("prefix"), OwnOnly = given.TextOrNull("owner") == "me" };

    private static NewWebhook NewWebhook(Given given) => new()
    {
        Url = given.Text("url"),
        Secret = given.TextOrNull("secret"),
        Events = given.Members["events"]?.AsArray()
            .Select(type => Enum.Parse<LockEventType>(type!.GetValue<string>(), ignoreCase: true))
            .ToArray(),
        LockPattern = given.TextOrNull("lock_pattern"),
    };

    private static void VerifyWebhook(Given given)
    {
        Dictionary<string, string> headers = given.Members["headers"]!.AsObject()
            .ToDictionary(header => header.Key, header => header.Value!.GetValue<string>());
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(given.Number("now_seconds")!.Value);
        WebhookSignature.Verify(given.Text("secret"), headers, Encoding.UTF8.GetBytes(given.Text("body")), now);
    }

    private OctoStoreClient Client(Given given) => _clients.Get(given.Text("client"));

    private void NewClient(Given given)
    {
        var defaults = new OctoStoreClientOptions();
        Func<CancellationToken, Task<string>>? tokens = Kinds.TokenFunction(given);
        _clients.Put(given.Text("as"), new OctoStoreClient(new OctoStoreClientOptions
        {
            BaseUrl = given.TextsOrNull("base_url"),
            Token = given.TextOrNull("token"),
            TokenSource = tokens,
            IsAnonymous = given.IsNull("token"),
            Timeout = given.Timeout ?? defaults.Timeout,
            WaitSlice = given.Seconds("wait_slice_seconds") ?? defaults.WaitSlice,
            ReleaseOnExit = given.Flag("release_on_exit"),
        }));
    }

    private Task WithLockAsync(Given given)
    {
        string name = given.Text("as");
        return Client(given).WithLockAsync(given.Text("name"), Hold(given), (_, _) =>
        {
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _blocks.Put(name, end);
            _tell(new JsonObject { ["event"] = "inside", ["of"] = name });
            return end.Task;
        });
    }

    private void EndBlock(Given given)
    {
        TaskCompletionSource end = _blocks.Get(given.Text("block"));
        if (given.TextOrNull("fails") is { } message) end.SetException(new ProgramException(message));
        else end.SetResult();
    }

    private object Described(Given given)
    {
        if (given.TextOrNull("handle") is { } handle) return _handles.Get(handle);
        if (given.TextOrNull("session") is { } session) return _sessions.Get(session);
        return given.TextOrNull("election") is { } election ? _elections.Get(election) : Client(given);
    }

    private async Task<JsonNode?> AwaitLostAsync(Given given)
    {
        KeptHandle thing = given.TextOrNull("session") is { } session
            ? _sessions.Get(session)
            : _handles.Get(given.Text("handle"));
        await Task.Delay(given.Timeout!.Value, thing.Lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        JsonObject? error = thing.LossError is { } loss ? Shapes.Error(loss) : null;
        return new JsonObject { ["is_lost"] = thing.IsLost, ["error"] = error };
    }

    private async Task CloseAsync(Given given)
    {
        if (given.TextOrNull("handle") is { } handle) await _handles.Get(handle).DisposeAsync();
        if (given.TextOrNull("session") is { } session) await _sessions.Get(session).DisposeAsync();
        if (given.TextOrNull("watch") is { } watch) await _watches.Get(watch).CloseAsync();
        if (given.TextOrNull("election") is not { } election) return;
        await _elections.Get(election).StopAsync();
        await _elections.Get(election).Ended;
    }

    private void Elect(Given given)
    {
        string name = given.Text("as");
        var options = new ElectOptions
        {
            Ttl = given.Ttl ?? new ElectOptions().Ttl,
            WaitSlice = given.Seconds("wait_slice_seconds"),
        };
        Election election = Client(given).StartElection(given.Text("name"), options, LeadAsync);
        _elections.Put(name, election);
        _ = TellEndAsync(name, election);

        async Task LeadAsync(LockHandle held, CancellationToken told)
        {
            _tell(new JsonObject { ["event"] = "leading", ["of"] = name, ["fencing_token"] = held.FencingToken });
            if (given.TextOrNull("fails") is { } message) throw new ProgramException(message);
            await Task.Delay(Timeout.Infinite, told).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _tell(new JsonObject { ["event"] = "stopped", ["of"] = name });
        }
    }

    private async Task TellEndAsync(string name, Election election)
    {
        JsonObject? shape = null;
        try
        {
            await election.Ended;
        }
        catch (Exception error)
        {
            shape = Shapes.Error(error);
        }
        _tell(new JsonObject { ["event"] = "ended", ["of"] = name, ["error"] = shape });
    }

    private async Task<JsonNode?> OpenSessionAsync(Given given)
    {
        SessionHandle session = await Client(given).OpenSessionAsync(given.Ttl);
        _sessions.Put(given.Text("as"), session);
        return new JsonObject { ["session_id"] = session.SessionId };
    }

    private void Watch(Given given)
    {
        OctoStoreClient client = Client(given);
        IAsyncEnumerable<WatchUpdate> updates = given.TextOrNull("prefix") is { } prefix
            ? client.WatchPrefixAsync(prefix)
            : client.WatchAsync(given.Text("name"));
        _watches.Put(given.Text("as"), new OpenWatch(updates));
    }
}
