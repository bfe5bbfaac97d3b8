using System;

namespace OctoStore;

/// <summary>A lock was lost while the function of <c>WithLockAsync</c> held it. The function itself did not fail.</summary>
public sealed class LockLostException : OctoStoreException
{
    /// <summary>Creates one, for tests.</summary>
    /// <param name="name">Name of the lock.</param>
    /// <param name="cause">Why it is lost.</param>
    public LockLostException(string name, Exception? cause = null)
        : base($"the lock {name} is lost", cause)
    {
        Lock = name;
    }

    internal LockLostException(string name, Loss loss, object? result, Exception? cause)
        : base(MessageOf(name, loss), loss.Facts, cause ?? loss.Cause)
    {
        Lock = name;
        Result = result;
    }

    /// <summary>Name of the lock.</summary>
    public string Lock { get; }

    /// <summary>What the function has returned, if it has returned something.</summary>
    public object? Result { get; init; }

    private static string MessageOf(string name, Loss loss) =>
        $"the lock {name} is lost: {loss.Why}. This was while its function ran, so someone else may have held it meanwhile.";
}
