using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// An election that runs in the background until you stop it or it fails. Disposing it stops it and never fails.
/// </summary>
public sealed class Election : IElection
{
    /// <summary>How long an error waits for someone to ask for it, because the program may be about to.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _over;
    private volatile bool _isAskedFor;

    internal Election(string name, Func<CancellationToken, Task> run, CancellationToken cancel)
    {
        Name = name;
        _over = Task.Run(() => run(_stop.Token), CancellationToken.None);
        _ = ObserveAsync(cancel.UnsafeRegister(_ => _stop.CancelAsync(), null));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Like <see cref="Ended"/>, without asking for its error.</summary>
    internal Task Over => _over;

    /// <summary>
    /// Completes when the election has ended. Fails with what your function throws, and with errors that retrying cannot
    /// fix, such as <see cref="OctoStoreAuthenticationException"/>.
    /// </summary>
    public Task Ended
    {
        get
        {
            _isAskedFor = true;
            return _over;
        }
    }

    /// <summary>
    /// Ends the election, and completes when your function has returned and the lock is released. Never fails:
    /// <see cref="Ended"/> has the error.
    /// </summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _over.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc cref="StopAsync"/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>For logs and debugging.</summary>
    public override string ToString() => $"Election({Name})";

    private async Task ObserveAsync(CancellationTokenRegistration outerStop)
    {
        try
        {
            await _over.ConfigureAwait(false);
        }
        catch (Exception error)
        {
            await Task.Delay(Patience).ConfigureAwait(false);
            if (!_isAskedFor) Warnings.Tell($"The election of the lock {Name} has ended: {error}");
        }
        finally
        {
            outerStop.Unregister();
        }
    }
}
