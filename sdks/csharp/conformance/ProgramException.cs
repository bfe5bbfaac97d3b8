using System;

namespace OctoStore.Conformance;

/// <summary>An error of the program that uses the SDK: of the leader's function, or of a block.</summary>
internal sealed class ProgramException(string message) : Exception(message);
