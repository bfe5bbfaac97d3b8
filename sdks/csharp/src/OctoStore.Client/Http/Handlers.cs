using System;
using System.Net.Http;

namespace OctoStore;

/// <summary>What sends requests: our own, or what the program gives.</summary>
internal static class Handlers
{
    public static HttpMessageHandler Own() => new SocketsHttpHandler
    {
        // The token is for the client's servers only, not for one that they redirect to.
        AllowAutoRedirect = false,
        UseCookies = false,
        // So that the client notices a change of the server's address.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    /// <summary>Checks that a handler of the program does not follow redirects, as far as it tells.</summary>
    public static void Check(HttpMessageHandler given)
    {
        HttpMessageHandler? innermost = given;
        while (innermost is DelegatingHandler outer) innermost = outer.InnerHandler;
        if (innermost is HttpClientHandler { AllowAutoRedirect: true } or SocketsHttpHandler { AllowAutoRedirect: true })
        {
            throw new OctoStoreValidationException(
                "The HttpMessageHandler would follow redirects to servers that are not the client's. "
                + "Set its AllowAutoRedirect to false.");
        }
    }
}
