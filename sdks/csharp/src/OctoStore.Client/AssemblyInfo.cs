using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("OctoStore.Client.Testing")]
[assembly: InternalsVisibleTo("OctoStore.Client.Tests")]
[assembly: InternalsVisibleTo("OctoStore.Client.Conformance")]
