using System;
using System.Threading;

namespace OctoStore;

/// <summary>A lock or session that is renewed in the background until you close or lose it.</summary>
public interface IKeptHandle : IAsyncDisposable
{
    /// <summary>Cancelled when it is lost, before anyone else can get it. Not cancelled when you close it.</summary>
    CancellationToken Lost { get; }

    /// <summary>
    /// Whether it is lost. This checks the clock, so it is correct even before a late timer cancels <see cref="Lost"/>.
    /// </summary>
    bool IsLost { get; }

    /// <summary>
    /// Why it is lost, such as a <see cref="LeaseBrokenException"/>, if the server has said so, or else an
    /// <see cref="OctoStoreLossException"/>. Null as long as it is not lost.
    /// </summary>
    OctoStoreException? LossError { get; }

    /// <summary>How long it is certain to last. Zero once it is lost.</summary>
    TimeSpan Remaining { get; }
}
