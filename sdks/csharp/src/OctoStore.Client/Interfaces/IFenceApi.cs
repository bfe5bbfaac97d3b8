using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>The calls of fences. <see cref="FenceApi"/> is the real one.</summary>
public interface IFenceApi
{
    /// <summary>
    /// Call this before you change what your lock protects. From then on, the fence refuses lower tokens. The first call
    /// creates the fence.
    /// </summary>
    /// <exception cref="StaleFencingTokenException">The fence has seen a higher token. Then stop.</exception>
    Task<Fence> AdvanceAsync(string name, long fencingToken, CancellationToken cancellationToken = default);

    /// <summary>Answers as an advance would, and changes nothing. For those who share a lock and only read.</summary>
    /// <exception cref="StaleFencingTokenException">The fence has seen a higher token.</exception>
    Task<Fence> CheckAsync(string name, long fencingToken, CancellationToken cancellationToken = default);

    /// <summary>What a fence has seen.</summary>
    Task<Fence> GetAsync(string name, CancellationToken cancellationToken = default);
}
