using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// The calls of fences. A fence remembers the highest fencing token that a resource has seen, for resources that cannot do
/// so themselves. Its name follows the rules of lock names.
/// </summary>
public sealed class FenceApi : IFenceApi
{
    private readonly Caller _caller;

    internal FenceApi(Caller caller)
    {
        _caller = caller;
    }

    /// <inheritdoc/>
    public Task<Fence> AdvanceAsync(string name, long fencingToken, CancellationToken cancellationToken = default) =>
        CompareAsync(name, "advance", fencingToken, cancellationToken);

    /// <inheritdoc/>
    public Task<Fence> CheckAsync(string name, long fencingToken, CancellationToken cancellationToken = default) =>
        CompareAsync(name, "check", fencingToken, cancellationToken);

    /// <inheritdoc/>
    public async Task<Fence> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        Checks.FenceName(name);
        return await _caller.ReadAsync(Paths.Fence(name), LockReaders.Fence, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Fence> CompareAsync(string name, string verb, long fencingToken, CancellationToken cancel)
    {
        Checks.FenceName(name);
        Checks.FencingToken(fencingToken);
        var body = new JsonObject { ["fencing_token"] = fencingToken };
        var call = new Call<Fence>(
            () => new Request(HttpMethod.Post, $"{Paths.Fence(name)}/{verb}") { Body = body },
            text => LockReaders.Fence(Fields.Parse(text)));
        return await _caller.GetAsync(call, cancel).ConfigureAwait(false);
    }
}
