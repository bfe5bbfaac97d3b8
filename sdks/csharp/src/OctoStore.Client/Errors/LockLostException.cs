using System;

namespace OctoStore;

/// <summary>A lock was lost while the function of <c>WithLockAsync</c> held it. The function itself did not fail.</summary>
public sealed class LockLostException : OctoStoreException
{
    internal LockLostException(string name, Loss loss, object? result, Exception? cause)
        : base(MessageOf(name, loss), loss.Facts, cause ?? loss.Cause)
    {
        Lock = name;
        Result = result;
    }

    /// <summary>Name of the lock.</summary>
    public string Lock { get; }

    /// <summary>What the function has returned, if it has returned something.</summary>
    public object? Result { get; }

    private static string MessageOf(string name, Loss loss) =>
        $"the lock {name} is lost: {loss.Why}. This was while its function ran, so someone else may have held it meanwhile.";
}
