namespace OctoStore;

/// <summary>Why a lock or session is lost.</summary>
/// <param name="Why">The end of a sentence.</param>
/// <param name="Cause">What the server said about it, if it did.</param>
internal sealed record Loss(string Why, OctoStoreNotFoundException? Cause = null)
{
    public static readonly Loss ByTime = new("it could not be renewed in time");

    public static readonly Loss WithSession = new("its session has ended");

    public static readonly Loss OfForgotten = new("its handle was forgotten");

    public ErrorFacts? Facts => Cause is { StatusCode: { } status }
        ? new ErrorFacts(status, Cause.Code, Cause.RequestId, null)
        : null;

    /// <summary>What the server has said, or that it is lost.</summary>
    public OctoStoreException ErrorOf(string what) =>
        (OctoStoreException?)Cause ?? new OctoStoreLossException($"{what} is lost: {Why}");

    public static Loss OnServer(OctoStoreNotFoundException cause) => new("it has ended on the server", cause);
}
