namespace OctoStore;

/// <summary>How a lock is held.</summary>
public enum LockMode
{
    /// <summary>One lease holds the lock.</summary>
    Exclusive,

    /// <summary>Any number of leases hold it together.</summary>
    Shared,

    /// <summary>Leases share the permits of the lock.</summary>
    Counted,
}
