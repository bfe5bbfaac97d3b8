using System;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>An election in the background. <see cref="Election"/> is the real one.</summary>
public interface IElection : IAsyncDisposable
{
    /// <summary>Name of the lock.</summary>
    string Name { get; }

    /// <inheritdoc cref="Election.Ended"/>
    Task Ended { get; }

    /// <inheritdoc cref="Election.StopAsync"/>
    Task StopAsync();
}
