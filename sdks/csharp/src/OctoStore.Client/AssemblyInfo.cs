using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("OctoStore.Client.Tests")]
[assembly: InternalsVisibleTo("OctoStore.Client.Conformance")]
