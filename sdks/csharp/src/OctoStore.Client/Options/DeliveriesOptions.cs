namespace OctoStore;

/// <summary>Which page of deliveries to show.</summary>
public sealed class DeliveriesOptions
{
    /// <summary>1 to 100; 50 by default.</summary>
    public int? Limit { get; init; }

    /// <summary>The <see cref="DeliveryPage.NextBefore"/> of the previous page.</summary>
    public long? Before { get; init; }
}
