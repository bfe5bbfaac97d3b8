using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>A session that is kept alive. <see cref="SessionHandle"/> is the real one.</summary>
public interface ISessionHandle : IKeptHandle
{
    /// <summary>The id of the session.</summary>
    string SessionId { get; }

    /// <summary>
    /// Ends the session and releases its locks, in no more time than what is left of it. It is not an error if the session
    /// was already lost.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the session is still ended.</param>
    /// <exception cref="OctoStoreException">
    /// The server could not be reached. The session then expires on its own.
    /// </exception>
    Task EndAsync(CancellationToken cancellationToken = default);
}
